// Progressive enhancement only: every page works without this file.
import {
  Button,
  CharacterCount,
  Checkboxes,
  createAll,
  ErrorSummary,
  NotificationBanner,
  PasswordInput,
  Radios,
  ServiceNavigation,
  SkipLink
} from 'govuk-frontend'

document.body.classList.add('js-enabled', 'govuk-frontend-supported')
createAll(Button, { preventDoubleClick: true })
for (const component of [
  CharacterCount,
  Checkboxes,
  ErrorSummary,
  NotificationBanner,
  PasswordInput,
  Radios,
  ServiceNavigation,
  SkipLink
]) {
  createAll(component)
}
