// Before time is up the page asks whether to stay signed in; when it is up, the page is cleared.
{
  const dialog = document.getElementById('timeout')
  if (dialog) {
    const { idle, longest, warn, timedOut } = dialog.dataset
    const seconds = (text) => Number(text) * 1000
    const opened = Date.now()
    const longestEnd = opened + seconds(longest)
    let idleEnd = opened + seconds(idle)
    let said = 0
    let changed = false
    // Another page of this browser that was used keeps the same session going.
    const used = 'BroadcastChannel' in window ? new BroadcastChannel('session-used') : null
    const wasUsed = () => {
      idleEnd = Date.now() + seconds(idle)
      if (dialog.open && longestEnd - Date.now() > seconds(warn)) dialog.close()
    }
    if (used) {
      used.postMessage('')
      used.onmessage = wasUsed
    }
    const end = () => Math.min(idleEnd, longestEnd)
    const typed = (event) => { if (!dialog.contains(event.target)) changed = true }
    document.addEventListener('input', typed)

    const leave = () => {
      const ticket = document.querySelector('main input[name="ticket"]')
      const forms = [...document.querySelectorAll('main form')].filter((form) => form.elements.ticket)
      const form = forms.find((one) => one.querySelector('textarea, input[type="text"], select')) || forms[0]
      if (!changed || !ticket || !form) {
        window.location.assign(timedOut)
        return
      }
      // The service keeps it for whoever typed it, and does nothing else with it.
      const only = document.createElement('input')
      Object.assign(only, { type: 'hidden', name: 'keep-only', value: '1' })
      form.append(only)
      HTMLFormElement.prototype.submit.call(form)
    }

    const words = (left) => {
      const minutes = Math.ceil(left / 60000)
      if (minutes > 1) return `${minutes} minutes`
      const rest = Math.max(0, Math.ceil(left / 1000))
      return rest === 60 ? '1 minute' : `${rest} second${rest === 1 ? '' : 's'}`
    }

    const look = () => {
      const left = end() - Date.now()
      if (left <= 0) {
        window.clearInterval(looking)
        leave()
        return
      }
      if (left > seconds(warn)) return
      document.getElementById('timeout-left').textContent = words(left)
      const final = longestEnd <= idleEnd
      document.getElementById('timeout-longest').hidden = !final
      dialog.querySelector('form').hidden = final
      if (!dialog.open && !(final && said)) {
        dialog.showModal()
        document.getElementById('timeout-title').focus()
      }
      // A screen reader is told every minute, and every 15 seconds in the last one.
      if (Date.now() - said >= (left > 60000 ? 60000 : 15000)) {
        said = Date.now()
        document.getElementById('timeout-said').textContent = `You will be signed out in ${words(left)}.`
      }
    }

    dialog.querySelector('form').addEventListener('submit', async (event) => {
      event.preventDefault()
      const form = event.target
      const answer = await fetch(form.action, { method: 'POST', body: new FormData(form), redirect: 'manual' })
        .catch(() => null)
      if (answer && answer.status === 204) {
        wasUsed()
        if (used) used.postMessage('')
      } else if (answer) {
        leave()
      }
    })
    // Escape would hide the question without answering it.
    dialog.addEventListener('cancel', (event) => event.preventDefault())
    const looking = window.setInterval(look, 1000)
  }
}
