// Reads aloud, where the browser has a voice: fixed words (`data-speak`), or what stands in fields (`data-speak-of`).
// A second press stops it. Without a voice there is no button.
const voice = window.speechSynthesis;

for (const button of voice ? document.querySelectorAll("[data-speak], [data-speak-of]") : []) {
  const word = button.textContent;
  button.hidden = false;
  button.addEventListener("click", () => {
    if (button.textContent !== word) return voice.cancel();
    const fields = (button.dataset.speakOf ?? "").split(" ").filter(Boolean).map((name) => button.form.elements[name].value);
    const speech = new SpeechSynthesisUtterance(button.dataset.speak ?? fields.filter(Boolean).join("\n"));
    speech.lang = document.documentElement.lang;
    speech.rate = 0.85;
    speech.onend = speech.onerror = () => (button.textContent = word);
    voice.cancel();
    voice.speak(speech);
    button.textContent = button.dataset.stop;
  });
}
if (voice) addEventListener("pagehide", () => voice.cancel());
