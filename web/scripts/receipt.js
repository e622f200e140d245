// The receipt: a button that copies the code, and one that prints the slip. Without scripts neither is shown.
for (const code of document.querySelectorAll("[data-copy]")) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button plain";
  button.textContent = code.dataset.copyWord;
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(code.dataset.copy);
      button.textContent = code.dataset.copiedWord;
    } catch {
      // The browser refused: select the code, so that a person can copy it by hand.
      getSelection()?.selectAllChildren(code);
    }
  });
  code.after(button);
}

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
