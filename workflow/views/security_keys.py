"""Adding a security key, and showing with one that it is oneself."""

from allauth.mfa.webauthn.views import AddWebAuthnView, ReauthenticateWebAuthnView
from django.forms import Form
from django.http import HttpResponse


class _OneForm:
    """The form that was refused is the form that is shown, with the reasons it was refused for.

    The package would read it a second time, by when what the key said is out of date.
    """

    _made: Form | None = None

    def get_form(self, form_class: type[Form] | None = None) -> Form:
        """The page's form."""
        if self._made is None:
            self._made = super().get_form(form_class)  # type: ignore[misc]
        return self._made


class _Add(_OneForm, AddWebAuthnView):  # type: ignore[misc]
    """One more key for the person, with recovery codes beside the first factor."""


class _Reauthenticate(_OneForm, ReauthenticateWebAuthnView):  # type: ignore[misc]
    """The person is who they are; a key that is refused is refused on the same page."""

    def form_invalid(self, form: Form) -> HttpResponse:
        """The page again."""
        answer: HttpResponse = self.render_to_response(self.get_context_data())
        return answer


add = _Add.as_view()
reauthenticate = _Reauthenticate.as_view()
