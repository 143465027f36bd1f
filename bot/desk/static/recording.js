// Keys for a worker with a telephone in the other hand. Everything here can be done with Tab and Enter as well.
(() => {
  "use strict";
  const form = document.getElementById("ask-form"), hint = document.getElementById("keys-hint");
  const trouble = document.getElementById("trouble");
  if (trouble) trouble.focus();
  if (!form) return;
  if (hint) hint.hidden = false;
  addEventListener("keydown", event => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && form.contains(event.target)) {
      event.preventDefault();
      const keep = document.getElementById("keep");
      if (keep) form.requestSubmit(keep);
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName)) return;
    const option = form.querySelector(`[data-number="${CSS.escape(event.key)}"]`);
    if (option) {
      event.preventDefault();
      form.requestSubmit(option);
    }
  });
})();
