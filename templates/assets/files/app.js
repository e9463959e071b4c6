// What the pages gain from a script; each works without it.
(function () {
  "use strict";

  // An error summary takes the focus, so that a screen reader starts there.
  function focusSummary(root) {
    var summary = root.querySelector("[data-focus]");
    if (summary) summary.focus();
  }

  // "Fill this in" says of which question it is.
  document.querySelectorAll(".summary [data-which]").forEach(function (link) {
    var field = document.getElementById(link.hash.slice(1));
    if (!field) return;
    var group = /^(radio|checkbox)$/.test(field.type) || field.matches("fieldset") || field.closest(".day-parts") ? field.closest("fieldset") : null;
    var label = group && group.querySelector("legend") || document.querySelector('label[for="' + field.id + '"]');
    var words = label && label.firstChild.textContent.trim();
    if (words) link.textContent = words + (/[.?!:]$/.test(words) ? " " : ": ") + link.textContent;
  });

  // A form is sent once: the second tap on a slow line does nothing.
  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (form.hasAttribute("data-many") || form.method === "get") return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "1";
    form.setAttribute("aria-busy", "true");
  });
  // What was typed in a long form is not lost by a link or by closing the window before the browser has asked.
  function stay(event) { event.preventDefault(); event.returnValue = ""; }
  function typed(event) {
    if (event.target.closest("form[data-unsaved]")) window.addEventListener("beforeunload", stay);
  }
  document.addEventListener("input", typed);
  document.addEventListener("change", typed);
  document.addEventListener("submit", function () { window.removeEventListener("beforeunload", stay); });
  // Coming back with the browser's back button, the form may be sent again.
  window.addEventListener("pageshow", function () {
    document.querySelectorAll("form[data-sent]").forEach(function (form) {
      delete form.dataset.sent;
      form.removeAttribute("aria-busy");
    });
  });

  // A question that belongs to an answer shows when that answer is chosen: data-when="name=value".
  function conditions(root) {
    root.querySelectorAll("[data-when]").forEach(function (part) {
      var at = part.dataset.when.indexOf("=");
      var name = part.dataset.when.slice(0, at), value = part.dataset.when.slice(at + 1);
      var form = part.closest("form") || document;
      var update = function () {
        var on = form.querySelector('[name="' + name + '"][value="' + value + '"]'), list = form.querySelector('select[name="' + name + '"]');
        part.hidden = list ? list.value !== value : !(on && on.checked);
        // The server learns which questions were seen: without a script it asks them on a further page.
        part.querySelectorAll("[data-seen]").forEach(function (mark) { mark.disabled = part.hidden; });
      };
      form.addEventListener("change", update);
      update();
      part.dataset.ready = "1";
    });
  }

  // The minutes that a place is still held, once a minute; read aloud only at five and one.
  function countdowns(root) {
    root.querySelectorAll("[data-until]").forEach(function (part) {
      var end = Date.parse(part.dataset.until), out = part.querySelector("[data-left]");
      if (!out || isNaN(end)) return;
      // The page carries the shop's clock, since a phone's may be wrong and a demo's may be moved.
      var skew = Date.parse(part.dataset.now) - Date.now();
      if (isNaN(skew)) skew = 0;
      var show = function () {
        var minutes = Math.ceil((end - Date.now() - skew) / 60000);
        if (minutes > 90) { out.textContent = ""; setTimeout(show, 60000); return; } // the text has day and hour
        if (minutes <= 0) { part.dataset.over = "1"; out.textContent = part.dataset.ended; return; }
        out.textContent = (minutes === 1 ? part.dataset.minute : part.dataset.minutes).replace("#", minutes);
        part.setAttribute("aria-live", minutes === 5 || minutes === 1 ? "polite" : "off");
        setTimeout(show, 15000);
      };
      show();
    });
  }

  // Print buttons exist only where a script can serve them.
  document.addEventListener("click", function (event) {
    if (event.target.closest("[data-print]")) window.print();
  });

  // The head of a long table stays in sight, where the table fits: a box that scrolls sideways keeps its head to itself. One
  // that is folded away has no width yet.
  function fit() {
    document.querySelectorAll(".table-box").forEach(function (box) {
      box.classList.toggle("table-fits", box.clientWidth > 0 && box.scrollWidth <= box.clientWidth);
    });
  }
  window.addEventListener("resize", fit);
  // From a link in a list the arrows lead to the same of the next row; Enter then opens it.
  document.addEventListener("keydown", function (event) {
    var step = { ArrowDown: "nextElementSibling", ArrowUp: "previousElementSibling" }[event.key];
    var row = step && !event.altKey && !event.ctrlKey && !event.metaKey && event.target.matches(".table tbody a") && event.target.closest("tr");
    while (row && (row = row[step]) && !row.querySelector("a"));
    if (!row) return;
    event.preventDefault();
    row.querySelector("a").focus();
  });

  // A menu made of <details> closes on Escape and on a tap elsewhere.
  document.addEventListener("keydown", function (event) {
    if (event.key !== "Escape") return;
    document.querySelectorAll("details[data-menu][open]").forEach(function (menu) {
      menu.open = false;
      menu.querySelector("summary").focus();
    });
  });
  document.addEventListener("click", function (event) {
    document.querySelectorAll("details[data-menu][open]").forEach(function (menu) {
      if (!menu.contains(event.target)) menu.open = false;
    });
  });

  // A filter form answers each choice at once: its part of the page is fetched and put in place, the address follows.
  function live(root) {
    root.querySelectorAll("form[data-live]").forEach(function (form) {
      form.addEventListener("change", function () { refresh(form); });
      form.addEventListener("submit", function (event) { event.preventDefault(); refresh(form); });
      // Each choice is sent by itself; the button is for those without a script.
      var button = form.querySelector("[type=submit]");
      if (button) button.hidden = !form.querySelector("[type=search]");
    });
  }
  var latest = 0;
  function refresh(form) {
    var query = new URLSearchParams(new FormData(form));
    Array.from(query).forEach(function (pair) { if (!pair[1]) query.delete(pair[0]); });
    var address = form.action.split("?")[0] + (query.toString() ? "?" + query : "");
    var part = document.getElementById(form.dataset.live), mine = ++latest;
    part.setAttribute("aria-busy", "true");
    fetch(address, { credentials: "same-origin" }).then(function (answer) {
      if (!answer.ok) throw new Error(answer.status);
      return answer.text();
    }).then(function (text) {
      if (mine !== latest) return; // a later choice is on its way
      var fresh = new DOMParser().parseFromString(text, "text/html").getElementById(part.id);
      var before = document.activeElement;
      part.replaceWith(fresh);
      start(fresh);
      var again = before && before.id && document.getElementById(before.id);
      if (again) {
        if (again.type === "search") again.value = before.value; // typed on while the answer came
        again.focus({ preventScroll: true });
      }
      history.replaceState(null, "", address);
    }).catch(function () { location.assign(address); });
  }

  function start(root) {
    live(root);
    root.querySelectorAll("[data-script]").forEach(function (part) { part.hidden = false; });
    conditions(root);
    countdowns(root);
    fit();
  }
  start(document);
  focusSummary(document);
  document.addEventListener("htmx:afterSwap", function (event) { start(event.target); });
})();
