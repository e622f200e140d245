// Asks this browser for a push subscription, once somebody presses the button, and posts it with the form.
const form = document.querySelector("[data-push]");
const button = form.querySelector("button");

if ("serviceWorker" in navigator && "PushManager" in window && "Notification" in window) {
  form.querySelector("[data-none]").hidden = true;
  button.disabled = false;
  form.addEventListener("submit", ask);
}

async function ask(event) {
  event.preventDefault();
  button.disabled = true;
  try {
    const worker = await navigator.serviceWorker.register("/notices/worker.js", { scope: "/notices/" });
    const key = { userVisibleOnly: true, applicationServerKey: form.dataset.push };
    const { endpoint, keys } = (await worker.pushManager.subscribe(key)).toJSON();
    Object.assign(form.elements.endpoint, { value: endpoint });
    Object.assign(form.elements.p256dh, { value: keys.p256dh });
    Object.assign(form.elements.auth, { value: keys.auth });
    form.submit();
  } catch {
    form.querySelector("[data-denied]").hidden = false;
    button.disabled = false;
  }
}
