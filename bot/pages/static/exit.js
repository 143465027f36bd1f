/* Exit this page: cover at once, clear what can be cleared here, go. Runs before anything is drawn. */
(function () {
  "use strict";
  var presses = [], alone = false;

  function leave(event) {
    if (event) event.preventDefault();
    document.documentElement.className = "away";
    var link = document.querySelector("[data-away]");
    var away = link ? link.getAttribute("data-away") : "about:blank";
    document.title = "\u200b";
    document.dispatchEvent(new Event("leaving"));
    /* Set first: every other tab hears of it, also where this one holds no key any more. */
    try { localStorage.setItem("chat", ""); } catch (e) { /* storage is off: nothing was kept */ }
    try { localStorage.removeItem("chat"); } catch (e) { /* as above */ }
    try { sessionStorage.clear(); } catch (e) { /* as above */ }
    if (link && link.getAttribute("href") !== away) away = link.href;
    while (document.body && document.body.firstChild) document.body.removeChild(document.body.firstChild);
    location.replace(away);
  }

  document.addEventListener("click", function (event) {
    var link = event.target.closest ? event.target.closest(".exit-link") : null;
    if (link) leave(event);
  }, true);
  document.addEventListener("leave", function () { leave(); });

  /* Shift alone, 3 times within 5 seconds. A capital letter is Shift with another key, and does not count. */
  document.addEventListener("keydown", function (event) {
    if (event.key !== "Shift") { alone = false; presses = []; return; }
    if (!event.repeat) alone = true;
  }, true);
  document.addEventListener("keyup", function (event) {
    if (event.key !== "Shift" || !alone) return;
    alone = false;
    presses.push(Date.now());
    presses = presses.slice(-3);
    if (presses.length === 3 && presses[2] - presses[0] <= 5000) leave();
  }, true);

  /* Coming back by the Back button must not bring the old page back. */
  window.addEventListener("pageshow", function (event) {
    if (event.persisted && document.documentElement.className === "away") location.reload();
  });
})();
