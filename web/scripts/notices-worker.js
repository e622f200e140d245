// Shows what is pushed: a line of the city's words. Pressing it opens the notices.
addEventListener("push", (event) => {
  const { id, title } = event.data.json();
  event.waitUntil(registration.showNotification(title, { tag: id }));
});
addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(clients.openWindow("/notices"));
});
