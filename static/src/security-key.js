// A security key answers the browser, and its answer goes into the form. Every page that asks for one
// takes a code as well, which needs no script.
{
  const form = document.querySelector('form[data-security-key]')
  if (form && 'PublicKeyCredential' in window && navigator.credentials) {
    const bytes = (text) =>
      Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), (one) => one.charCodeAt(0))
    const text = (buffer) =>
      btoa(String.fromCharCode(...new Uint8Array(buffer)))
        .replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '')
    const named = (list) => (list || []).map((one) => ({ ...one, id: bytes(one.id) }))
    const asked = JSON.parse(form.dataset.options).publicKey
    const adding = form.dataset.securityKey === 'add'
    const said = form.querySelector('[role="alert"]')

    const ask = () => {
      const challenge = bytes(asked.challenge)
      if (!adding) {
        return navigator.credentials.get({
          publicKey: { ...asked, challenge, allowCredentials: named(asked.allowCredentials) }
        })
      }
      return navigator.credentials.create({
        publicKey: {
          ...asked,
          challenge,
          user: { ...asked.user, id: bytes(asked.user.id) },
          excludeCredentials: named(asked.excludeCredentials)
        }
      })
    }

    const written = (answer) => {
      const response = {}
      for (const part of ['attestationObject', 'authenticatorData', 'clientDataJSON', 'signature', 'userHandle']) {
        if (answer.response[part]) response[part] = text(answer.response[part])
      }
      const { id, type } = answer
      const clientExtensionResults = answer.getClientExtensionResults()
      return JSON.stringify({ id, rawId: text(answer.rawId), type, clientExtensionResults, response })
    }

    const why = (fault) => {
      if (fault.name === 'InvalidStateError') return 'This key is added already. Use another one.'
      if (fault.name === 'SecurityError') return 'Security keys cannot be used at this address of the service.'
      return adding ? 'No key was added. You can try again.' : 'No key was used. Try again, or enter a code.'
    }

    const say = (words) => {
      const line = document.createElement('p')
      line.className = 'govuk-error-message'
      line.textContent = words
      said.replaceChildren(line)
    }

    form.addEventListener('submit', async (event) => {
      event.preventDefault()
      said.replaceChildren()
      try {
        form.elements.credential.value = written(await ask())
        HTMLFormElement.prototype.submit.call(form)
      } catch (fault) {
        say(why(fault))
      }
    })
    form.hidden = false
    for (const instead of document.querySelectorAll('[data-without-security-key]')) instead.hidden = true
  }
}
