// What an animator's phone keeps of a camp's fiches for use without signal, and how it shows them. medical/OFFLINE.md
// tells the keys and the limits. Answers are written with textContent only, and stand nowhere but in memory and, sealed,
// in IndexedDB.
(() => {
  "use strict";

  const holder = document.getElementById("camp-texts");
  if (!holder || !window.indexedDB || !window.crypto || !crypto.subtle) return;
  const texts = JSON.parse(holder.textContent);
  const t = (key, n) => ((n === 1 && texts[key + "_one"]) || texts[key] || key).replace("#", n);
  const TRIES = 5, LOCK = 2 * 60 * 1000, SLIP = 5 * 60 * 1000, FRESH = 15 * 60 * 1000;
  const pocket = document.getElementById("pocket");
  const state = document.getElementById("pocket-state");
  const view = document.getElementById("pocket-view");
  const pinForm = document.getElementById("pocket-pin");
  const takeForm = document.getElementById("pocket-take");

  // ---- the store ----

  const opened = new Promise((resolve, reject) => {
    const r = indexedDB.open("camp", 1);
    r.onupgradeneeded = () => {
      r.result.createObjectStore("pack");
      r.result.createObjectStore("queue", { keyPath: "id" });
    };
    r.onsuccess = () => resolve(r.result);
    r.onerror = () => reject(r.error);
  });
  const store = async (name, mode, work) => {
    const db = await opened;
    return new Promise((resolve, reject) => {
      const tx = db.transaction(name, mode);
      const r = work(tx.objectStore(name));
      tx.oncomplete = () => resolve(r && r.result);
      tx.onerror = tx.onabort = () => reject(tx.error);
    });
  };
  // One pack for each camp, under its number. Which one a page is about follows from its address, or is chosen.
  const named = /^\/animator\/kamp\/([0-9]+)/.exec(location.pathname);
  let chosen = named ? Number(named[1]) : 0;
  const packs = () => store("pack", "readonly", (s) => s.getAll());
  const load = async () => {
    const all = (await packs()).sort((a, b) => b.updated - a.updated);
    return all.find((p) => p.departure === chosen) || (chosen && pocket && pocket.dataset.take ? undefined : all[0]);
  };
  const save = (pack) => store("pack", "readwrite", (s) => s.put(pack, String(pack.departure)));
  const waiting = () => store("queue", "readonly", (s) => s.getAll());

  // ---- keys ----

  const utf8 = new TextEncoder();
  const random = (n) => crypto.getRandomValues(new Uint8Array(n));
  const b64 = (bytes) => btoa(Array.from(new Uint8Array(bytes), (b) => String.fromCharCode(b)).join(""));
  const unb64 = (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
  const lease = (departure) => {
    const name = "mee-" + departure + "=", found = document.cookie.split("; ").find((c) => c.startsWith(name));
    return found ? found.slice(name.length) : "";
  };

  // How the PIN is worked on. Each pack says its own, so that one which was taken along before a change still opens; those
  // from before they said so are the oldest. The rounds go over several lanes, which a phone runs beside each other on its
  // cores: the key needs them all, so that whoever tries a PIN does 600,000 rounds, as with one lane.
  const OLDEST = { hash: "SHA-256", rounds: 600000 }, WORK = { hash: "SHA-256", rounds: 150000, lanes: 4 };
  const WRAPS = [{ name: "AES-GCM", length: 256 }, false, ["wrapKey", "unwrapKey"]];

  // The wrapping key comes from the PIN and from the part that the server lends.
  const wrapping = async (pin, salt, departure, work) => {
    const base = await crypto.subtle.importKey("raw", utf8.encode(pin + "|" + lease(departure)), "PBKDF2", false, ["deriveKey", "deriveBits"]);
    const worked = { name: "PBKDF2", hash: work.hash, salt, iterations: work.rounds };
    if (!work.lanes) return crypto.subtle.deriveKey(worked, base, ...WRAPS);
    const lanes = await Promise.all(Array.from({ length: work.lanes }, (_, lane) => crypto.subtle.deriveBits({ ...worked, salt: Uint8Array.of(...salt, lane) }, base, 256)));
    const all = await crypto.subtle.importKey("raw", await new Blob(lanes).arrayBuffer(), "HKDF", false, ["deriveKey"]);
    return crypto.subtle.deriveKey({ name: "HKDF", hash: work.hash, salt, info: utf8.encode("pack") }, all, ...WRAPS);
  };
  const seal = async (key, data) => {
    const iv = random(12);
    return { iv, data: await crypto.subtle.encrypt({ name: "AES-GCM", iv }, key, utf8.encode(JSON.stringify(data))) };
  };

  // ---- what is open now ----

  let key = null, camp = null, pack = null, hidden = 0, signal = false;
  let verdict = ""; // what came of the last PIN, or of the fiches: it stays on the screen until the next act, whatever a contact says later
  const now = () => Date.now() + (pack ? pack.skew : 0); // the shop's clock

  const lock = () => {
    key = camp = null;
    if (view) view.replaceChildren();
    show();
  };
  const drop = async (departure) => {
    await store("pack", "readwrite", (s) => s.delete(String(departure)));
    document.cookie = "mee-" + departure + "=; Max-Age=0; Path=/animator; SameSite=Strict";
  };
  const wipe = async (why) => { // the camp in hand
    if (pack) await drop(pack.departure);
    pack = key = camp = null;
    if (view) view.replaceChildren();
    if (pinForm) pinForm.hidden = true;
    judge(t(why));
  };
  const say = (text) => { if (state) state.textContent = text; };
  const judge = (text) => { verdict = text; say(text); };
  // What is wrong with a PIN stands beside its field, as the shop's own pages say it; no text takes it away.
  const amiss = (input, text) => {
    const box = input.closest(".field"), id = input.id + "-error", known = document.getElementById(id);
    if (known) known.remove();
    box.classList.toggle("field-bad", !!text);
    input.setAttribute("aria-invalid", String(!!text));
    if (text) input.parentElement.before(Object.assign(document.createElement("p"), { id, className: "error", textContent: text }));
    input.setAttribute("aria-describedby", [input.id + "-hint", id].filter((one) => document.getElementById(one)).join(" "));
    if (text) input.focus();
  };
  document.addEventListener("visibilitychange", () => {
    document.documentElement.classList.toggle("veiled", document.hidden); // for the picture that a phone keeps of its open apps
    if (document.hidden) { hidden = Date.now(); return; }
    if (key && Date.now() - hidden > LOCK) lock();
  });
  setInterval(() => { if (key && (document.hidden && Date.now() - hidden > LOCK || over())) lock(); }, 10000);

  // A clock that was turned back opens nothing, nor does one past the end.
  const turned = () => pack && Date.now() + SLIP < pack.seen;
  const over = () => pack && (now() > pack.until || turned() || !lease(pack.departure));

  // ---- take along ----

  const take = async (departure) => {
    const answer = await fetch("/animator/kamp/" + departure + "/meenemen", { method: "POST", redirect: "manual" });
    if (answer.status === 404) { pack = pack || { departure }; await wipe("wiped"); return null; }
    if (!answer.ok) throw new Error("signal");
    return answer.json();
  };
  const keep = async (fresh) => {
    pack = Object.assign(pack || {}, { departure: fresh.departure, title: fresh.title, pack: fresh.pack, public: fresh.public, until: Date.parse(fresh.until),
      skew: Date.parse(fresh.now) - Date.now(), seen: Date.now(), updated: Date.now() });
    const ids = new Set((await waiting()).map((q) => q.id));
    if (camp) { // what was noted here and is still to be sent
      fresh.children.forEach((child) => {
        const before = camp.children.find((c) => c.booking === child.booking);
        const mine = ((before && before.records) || []).filter((r) => ids.has(r.local));
        child.records = mine.concat(child.records || []);
      });
    }
    camp = fresh;
    Object.assign(pack, await seal(key, camp));
    await save(pack);
  };

  if (takeForm) {
    takeForm.hidden = false;
    takeForm.addEventListener("submit", async (event) => {
      event.preventDefault();
      const pin = takeForm.pin.value, departure = pocket.dataset.take;
      amiss(takeForm.pin, "");
      amiss(takeForm.again, "");
      judge("");
      if (!/^[0-9]{6,12}$/.test(pin)) return amiss(takeForm.pin, t("short"));
      if (pin !== takeForm.again.value) return amiss(takeForm.again, t("differ"));
      verdict = "";
      say(t("busy"));
      try {
        pack = null;
        const fresh = await take(departure);
        if (!fresh) return;
        const open = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, true, ["encrypt", "decrypt"]);
        const salt = random(16), wrapIv = random(12);
        const wrapped = await crypto.subtle.wrapKey("raw", open, await wrapping(pin, salt, fresh.departure, WORK), { name: "AES-GCM", iv: wrapIv });
        pack = { salt, wrapIv, wrapped, work: WORK, tries: 0 };
        key = open;
        camp = null;
        await keep(fresh);
        if (navigator.storage && navigator.storage.persist) await navigator.storage.persist();
        if (navigator.serviceWorker) await navigator.serviceWorker.ready;
        key = camp = null;
        takeForm.reset();
        takeForm.hidden = true;
        document.getElementById("pocket-open").hidden = false;
        judge(t("taken"));
      } catch (e) {
        judge(t("failed"));
      }
    });
  }

  // ---- open ----

  const unlock = async (pin) => {
    const began = performance.now();
    const work = (p) => wrapping(pin, p.salt, p.departure, p.work || OLDEST);
    const shown = pack, early = shown && work(shown); // most of the wait: it begins before the tries are read anew
    pack = await load();
    if (!pack) return show();
    if (turned()) return say(t("clock")); // it stays: the clock may be set right again
    if (over()) return wipe("expired");
    pack.tries += 1; // kept before the PIN is tried: closing the page gives no further try
    const same = shown && b64(shown.salt) === b64(pack.salt);
    let worked;
    try {
      [worked] = await Promise.all([same ? early : work(pack), save(pack)]);
    } catch (e) { // a try that cannot be counted is none
      return judge(t("full"));
    }
    try {
      key = await crypto.subtle.unwrapKey("raw", pack.wrapped, worked, { name: "AES-GCM", iv: pack.wrapIv },
        { name: "AES-GCM" }, false, ["encrypt", "decrypt"]);
    } catch (e) {
      if (pack.tries >= TRIES) return wipe("wiped");
      await show();
      return amiss(pinForm.pin, t("wrong", TRIES - pack.tries));
    }
    const derived = performance.now();
    camp = JSON.parse(new TextDecoder().decode(await crypto.subtle.decrypt({ name: "AES-GCM", iv: pack.iv }, key, pack.data)));
    draw(history.state);
    await show();
    pocket.dataset.times = Math.round(derived - began) + " " + Math.round(performance.now() - derived);
    pack.tries = 0;
    pack.seen = Date.now();
    await save(pack);
    await note({ opened: true });
    await contact();
  };

  // Several camps on one phone: which one is to be opened.
  const camps = async () => {
    const all = key ? [] : await packs(), box = document.getElementById("pocket-camps"), label = pinForm.querySelector("label");
    if (label && pack && pack.title) label.textContent = t("pin_for", pack.title);
    if (!box) return;
    box.replaceChildren(...(all.length < 2 ? [] : all.filter((p) => !pack || p.departure !== pack.departure).map((p) => button(p.title, async () => {
      chosen = p.departure;
      pack = p;
      verdict = "";
      await show();
    }, true))));
  };

  const show = async () => {
    if (!pocket || !view) return;
    pack = pack || await load();
    const queue = await waiting(), count = queue.length;
    pinForm.hidden = !pack || !!key;
    await camps();
    if (!pack) return say(verdict || t("none") + (count ? " " + t("waiting", count) : ""));
    if (turned()) { pinForm.hidden = true; return say(t("clock")); }
    if (over()) { await wipe("expired"); return camps(); }
    const at = new Date(pack.updated + pack.skew).toLocaleTimeString("nl-BE", { hour: "2-digit", minute: "2-digit", timeZone: "Europe/Brussels" });
    const stuck = queue.filter((q) => q.stuck).length;
    const notes = queue.filter((q) => !q.quiet && !q.stuck).length;
    say(verdict || t(signal ? "online" : "offline", at) + (notes ? " · " + t("waiting", notes) : "") + (stuck ? " · " + t("stuck", stuck) : ""));
    if (key && !view.firstChild) draw(history.state);
  };
  if (pinForm) {
    pinForm.addEventListener("submit", async (event) => {
      event.preventDefault();
      const pin = pinForm.pin.value;
      pinForm.reset();
      amiss(pinForm.pin, "");
      verdict = "";
      say(t("busy"));
      await unlock(pin);
    });
  }

  // ---- reports, sealed to the pack's public key: they can be sent without the PIN, and only the shop opens them ----

  const uuid = () => crypto.randomUUID();
  const note = async (report) => {
    const id = uuid();
    const own = await crypto.subtle.generateKey({ name: "ECDH", namedCurve: "P-256" }, false, ["deriveBits"]);
    const theirs = unb64(pack.public);
    const shop = await crypto.subtle.importKey("raw", theirs, { name: "ECDH", namedCurve: "P-256" }, false, []);
    const shared = new Uint8Array(await crypto.subtle.deriveBits({ name: "ECDH", public: shop }, own.privateKey, 256));
    const point = new Uint8Array(await crypto.subtle.exportKey("raw", own.publicKey));
    const all = new Uint8Array(shared.length + point.length + theirs.length);
    all.set(shared); all.set(point, shared.length); all.set(theirs, shared.length + point.length);
    const once = await crypto.subtle.importKey("raw", await crypto.subtle.digest("SHA-256", all), "AES-GCM", false, ["encrypt"]);
    const iv = random(12);
    const data = await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData: utf8.encode(id) }, once,
      utf8.encode(JSON.stringify(Object.assign({ client: id, at: new Date(now()).toISOString(), noted: new Date(now()).toISOString() }, report))));
    await store("queue", "readwrite", (s) => s.put({ id, pack: pack.pack, key: b64(point), iv: b64(iv), data: b64(data), quiet: !!report.opened }));
    return id;
  };

  const flush = async () => {
    const all = (await waiting()).filter((q) => !q.stuck);
    let sent = 0;
    for (const number of new Set(all.map((q) => q.pack))) {
      const entries = all.filter((q) => q.pack === number).slice(0, 500);
      const answer = await fetch("/animator/meldingen", { method: "POST", redirect: "manual", headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ pack: number, entries: entries.map((q) => ({ id: q.id, key: q.key, iv: q.iv, data: q.data })) }) });
      if (answer.type === "opaqueredirect") { say(t("signin")); return sent; }
      if (!answer.ok) throw new Error("signal");
      const result = await answer.json();
      for (const q of entries) {
        if (result.kept.includes(q.id)) { await store("queue", "readwrite", (s) => s.delete(q.id)); sent += q.quiet ? 0 : 1; }
        else if (result.whole) { q.stuck = true; await store("queue", "readwrite", (s) => s.put(q)); }
      }
    }
    return sent;
  };

  // At each contact: send what waits, ask whether the fiches may stay, and fetch them anew while they are open.
  let running = null;
  const contact = () => { running = running || talk().finally(() => { running = null; }); return running; };
  const talk = async () => {
    if (!navigator.onLine) { signal = false; return show(); }
    try {
      const sent = await flush();
      for (const kept of await packs()) {
        let answer = await fetch("/animator/kamp/" + kept.departure + "/mag-bewaren", { redirect: "manual" });
        if (answer.type === "opaqueredirect") answer = await fetch("/animator/pak/" + kept.pack + "?punt=" + encodeURIComponent(kept.public)); // nobody is signed in
        signal = true;
        const open = pack && pack.departure === kept.departure;
        if (answer.status === 404) {
          if (open || !pack) { pack = kept; await wipe("wiped"); return; }
          await drop(kept.departure);
        } else if (answer.status === 204 && open && key && (sent || Date.now() - kept.updated > FRESH)) {
          const fresh = await take(kept.departure);
          if (fresh) { await keep(fresh); redraw(); }
        }
      }
    } catch (e) { signal = false; /* what waits stays */ }
    await show();
  };
  addEventListener("online", contact);
  addEventListener("offline", contact);
  setInterval(async () => { if ((await waiting()).some((q) => !q.stuck)) contact(); }, 60000);

  // ---- signing out ----

  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (!/\/afmelden$/.test(form.action) || form.dataset.emptied) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    try { await flush(); } catch (e) { /* counted below */ }
    const left = (await waiting()).filter((q) => !q.quiet).length;
    if (left) {
      const box = state || document.querySelector("main");
      box.textContent = t("unsent", left);
      box.scrollIntoView();
      return;
    }
    await store("queue", "readwrite", (s) => s.clear());
    for (const kept of await packs()) await drop(kept.departure);
    await wipe("wiped");
    form.dataset.emptied = "1";
    form.submit();
  }, true);

  // ---- pages ----

  const el = (name, attributes, ...children) => {
    const out = document.createElement(name);
    Object.entries(attributes || {}).forEach(([k, v]) => {
      if (v === undefined || v === null || v === false) return;
      if (k === "class") out.className = v;
      else if (k === "click") out.addEventListener("click", v);
      else out.setAttribute(k, v === true ? "" : v);
    });
    children.flat().forEach((c) => { if (c !== null && c !== undefined && c !== "" && c !== false) out.append(c); });
    return out;
  };
  const button = (text, click, second) => el("button", { class: "button" + (second ? " button-second" : ""), type: "button", click }, text);
  const marked = (child) => el("span", { class: "mark mark-" + child.mark }, el("span", { "aria-hidden": "true" }, child.sign));
  const words = (all) => all && all.length ? el("ul", { class: "words" }, all.map((w) => el("li", {}, w))) : null;
  const plain = (s) => s.normalize("NFD").replace(/\p{Mn}/gu, "").toLowerCase().trim();
  // Made once: toLocaleString makes one at each call, and a camp of 200 asks thousands of times.
  const zone = { timeZone: "Europe/Brussels" };
  const days = new Intl.DateTimeFormat("sv-SE", zone), clocks = new Intl.DateTimeFormat("nl-BE", { hour: "2-digit", minute: "2-digit", ...zone }),
    moments = new Intl.DateTimeFormat("nl-BE", { dateStyle: "short", timeStyle: "short", ...zone });
  const today = () => days.format(now());
  const dayBefore = () => days.format(now() - 86400000);
  // A day with a time of the clock in Belgium, in milliseconds; summer time first, as the earlier of two in the night of October.
  const momentOf = (day, hhmm) => [2, 1].map((h) => Date.parse(day + "T" + hhmm + ":00Z") - h * 3600000).find((ms) => days.format(ms) === day && clocks.format(ms) === hhmm);
  const clock = (ms) => clocks.format(ms);
  const moment = (at) => { const ms = Date.parse(at); return today() === days.format(ms) ? clock(ms) : moments.format(ms); };

  // What is on the screen: a child, a medicine of it, first aid; nothing of it is in the address. Each is a step in the
  // browser's history, so that the phone's back button goes back one step and does not leave the fiches.
  let at = null; // the child that is open
  const level = () => (history.state && history.state.pocket) || 0;
  const enter = (step) => {
    if (!level()) listTop = scrollY;
    moved = true;
    if (level() === step.pocket) history.replaceState(Object.assign(step, { from: history.state.from }), "");
    else history.pushState(Object.assign(step, { from: level() }), "");
  };
  let listTop = 0, moved = false; // how far the list was scrolled when it was left
  const toList = () => (level() ? history.go(level() === 2 && history.state.from === 1 ? -2 : -1) : list());
  const toChild = (c) => {
    if (level() === 2 && history.state.from === 1) return history.back();
    history.replaceState({ pocket: 1, from: 0, child: c.booking }, "");
    child(c);
  };
  const kid = (booking) => camp.children.find((c) => c.booking === booking);
  const draw = (step) => {
    const c = step && kid(step.child), m = c && step.medicine && (c.medicine || []).find((one) => one.key === step.medicine);
    if (m) give(c, m, step.slot, step.day); else if (c && step.aid) aid(c); else if (c) child(c); else list();
  };
  addEventListener("popstate", (event) => { if (key) draw(event.state); });
  // Fetched anew: what somebody is writing stays on the screen.
  const redraw = () => { if (key && !view.querySelector("form") && !(view.querySelector("input") || {}).value) draw(history.state); };
  const counts = (r, m) => r.medicine === m.key && !r.mistaken;

  const byTime = (a, b) => { const x = a.day + a.time, y = b.day + b.time; return x < y ? -1 : x > y ? 1 : 0; }; // "2027-07-05" "08:00"
  const dosesOn = (kid, day) => (kid.medicine || []).flatMap((m) => day < m.from || day > m.to ? [] : Object.entries(m.slots || {}).map(([slot, time]) => ({ kid, m, slot, time, day,
    done: (kid.records || []).filter((r) => counts(r, m) && r.slot === slot && r.day === day) })));
  // What is due today, and before it what was due yesterday and nobody wrote down; on the first day children come at two o'clock.
  const doses = (kid) => dosesOn(kid, dayBefore()).filter((d) => !d.done.length && !(d.day === camp.from && d.time < "14:00")).concat(dosesOn(kid, today())).sort(byTime);

  const dueList = (all, before = hourAgo()) => all.length ? el("section", { class: "due" }, el("h2", {}, t("due")), el("ul", {}, all.sort(byTime).map((d) => {
    const late = isLate(d, before);
    return el("li", { class: (late ? "due-late " : "") + (d.done.length ? "due-done" : "") }, el("a", { href: "#", click: (e) => { e.preventDefault(); give(d.kid, d.m, d.slot, d.day); } },
      el("strong", { class: "due-time" }, d.time, d.day < today() ? el("small", {}, t("yesterday")) : null), el("span", {}, el("strong", {}, d.kid.first), el("br"), d.m.name + ", " + d.m.amount, late ? el("em", {}, t("late")) : null, d.done.length > 1 ? el("em", {}, t("clash")) : null,
        d.done.map((r) => el("small", {}, "✓ " + t("outcome." + r.outcome) + " " + moment(r.at) + (r.by ? ", " + r.by : ""))))));
  }))) : null;

  const hourAgo = () => { const ms = now() - 3600000; return { day: days.format(ms), time: clock(ms) }; };
  const isLate = (d, before) => !d.done.length && (d.day < before.day || d.day === before.day && before.time > d.time);
  const late = (all) => {
    const before = hourAgo(), n = all.filter((d) => isLate(d, before)).length;
    return n ? el("section", { class: "alarm alarm-red", role: "alert" }, el("p", {}, t("too_late", n))) : "";
  };

  const list = () => {
    const back = moved;
    at = null;
    moved = false;
    const found = el("ul", { class: "kids" });
    const fill = (query) => {
      const some = camp.children.filter((c) => !query || c.plain.split(" ").some((w, i, all) => all.slice(i).join(" ").startsWith(query)));
      found.replaceChildren(...some.map((c) => el("li", { class: "kid kid-" + c.mark }, marked(c), el("div", { class: "kid-text" },
        el("h3", {}, el("a", { href: "#", click: (e) => { e.preventDefault(); child(c); } }, c.first + " ", el("span", {}, c.last))),
        el("p", {}, c.age + (c.born && c.born === today().slice(5) ? " · " + t("birthday") : "")), early(c), words(c.words)),
        c.call && c.call[0] && c.call[0].Tel ? el("a", { class: "dial", href: "tel:" + c.call[0].Tel, "data-phone": c.call[0].Phone, "aria-label": c.call[0].Name }, el("span", {}, "☎")) : null)));
      if (!some.length) found.append(el("li", {}, t("nobody")));
    };
    const search = el("input", { id: "pocket-find", type: "search", autocomplete: "off" });
    search.addEventListener("input", () => fill(plain(search.value)));
    const wiper = button(t("wipe"), () => { // at the second tap: without signal they do not come back
      if (wiper.dataset.sure) return wipe("wiped");
      wiper.dataset.sure = "yes";
      wiper.textContent = t("wipe_sure");
    }, true);
    const red = camp.children.filter((c) => c.mark === "red"), due = camp.children.flatMap((c) => doses(c));
    view.replaceChildren(el("header", { class: "camp-head" }, el("h2", {}, camp.title), el("p", {}, camp.where)),
      red.length ? el("section", { class: "first" }, el("h2", {}, t("first")), el("ul", {}, red.map((c) => el("li", {},
        el("a", { href: "#", click: (e) => { e.preventDefault(); child(c); } }, el("strong", {}, c.first + " " + c.last), words(c.words)))))) : "",
      late(due),
      dueList(due) || "",
      el("section", {}, el("h2", {}, t("everybody")), el("div", { class: "field" }, el("label", { for: "pocket-find" }, t("search")), search), found),
      el("p", { class: "acts" }, button(t("lock"), lock, true), wiper));
    setTimeout(() => { fill(plain(search.value)); if (back) scrollTo(0, listTop); }, 0); // below the red ones and what is due: these are on the screen first
  };

  const early = (c) => c.leaving ? el("p", {}, el("strong", {}, c.leaving)) : null; // goes home early: with whom

  const caller = (c, first) => el("li", {}, c.Tel ? el("a", { class: "button call" + (first ? "" : " button-second"), href: "tel:" + c.Tel },
    el("span", {}, c.Name, c.Relation ? el("small", {}, " " + c.Relation) : null), el("span", { class: "call-number" }, " " + c.Phone)) : el("p", {}, c.Name + " " + c.Phone),
    c.Note ? el("p", { class: "muted small" }, c.Note) : null);

  const child = (c) => {
    at = c;
    enter({ pocket: 1, child: c.booking });
    const topic = (tp) => el("section", { class: "topic" }, el("h3", {}, tp.Title), el("dl", {}, (tp.Facts || []).map((f) => el("div", {}, el("dt", {}, f.Label),
      (f.Rows || []).length ? f.Rows.map((r) => el("dd", { class: "topic-row" }, r.Name ? el("strong", {}, r.Name) : null,
        el("ul", {}, (r.Cells || []).map((cell) => el("li", {}, el("span", {}, cell.Label + " "), cell.Text))))) : el("dd", {}, f.Text)))));
    const needed = (c.medicine || []).filter((m) => m.needed);
    view.replaceChildren(el("p", {}, button(t("back"), toList, true)),
      el("header", { class: "camp-head" }, el("h2", {}, c.first + " " + c.last), el("p", {}, c.age), early(c)),
      el("section", { class: "calls" }, el("h3", {}, t("call")), el("ul", {}, (c.call || []).map((one, i) => caller(one, i === 0)), c.doctor ? caller(c.doctor, false) : null),
        el("ul", { class: "calls-help" }, el("li", {}, el("a", { class: "button button-danger", href: "tel:112" }, t("112"))),
          el("li", {}, el("a", { class: "button button-second", href: "tel:+3270245245" }, t("poison"))))),
      c.alarm ? el("section", { class: "alarm alarm-" + (c.mark === "red" ? "red" : "unknown") }, marked(c), el("p", {}, c.alarm)) : "",
      c.words && c.words.length ? el("section", { class: "flags flags-" + c.mark }, el("h2", {}, marked(c), " " + t("know")), words(c.words)) : "",
      ...(c.urgent || []).map(topic),
      c.calm ? el("p", { class: "notice notice-good" }, t("calm")) : "",
      dueList(doses(c)) || "",
      needed.length ? el("section", {}, el("h3", {}, t("if_needed")), el("ul", { class: "needed" }, needed.map((m) => el("li", {}, button(t("give") + " " + m.name, () => give(c, m, ""), true),
        el("p", {}, m.call ? el("strong", {}, t("call_first") + " ") : null, [m.when, m.limit].filter(Boolean).join(". ")))))) : "",
      el("p", {}, button(t("aid"), () => aid(c), true)),
      el("section", { class: "care" }, el("h3", {}, t("care")), el("p", {}, c.care), c.agreed ? el("p", { class: "said" }, c.agreed) : null),
      ...(c.topics || []).map(topic),
      (c.no || []).length ? el("details", { class: "topic-no" }, el("summary", {}, t("no", c.no.length)), el("ul", {}, c.no.map((label) => el("li", {}, label)))) : "",
      el("section", {}, el("h3", {}, t("photos")), el("p", {}, c.photo)),
      (c.records || []).length ? el("section", {}, el("h3", {}, t("diary")), el("ol", { class: "records" }, c.records.map((r) => el("li", {},
        el("p", {}, el("strong", {}, moment(r.at)), r.by ? " · " + r.by : ""), el("p", {}, (r.mistaken ? t("mistaken") + " " : "") + r.what), r.note ? el("p", { class: "said" }, r.note) : null)))) : "");
    scrollTo(0, 0);
  };

  // The limits of the fiche, as the shop guards them, for giving it at a moment.
  const limits = (c, m, slot, day, when) => {
    const out = [], mine = (c.records || []).filter((r) => counts(r, m)), DAY = 86400000;
    if (day < m.from || day > m.to) out.push("period");
    if (slot && mine.some((r) => r.slot === slot && r.day === day)) out.push("twice");
    const given = mine.filter((r) => r.outcome === "given").map((r) => Date.parse(r.at)).filter((ms) => Math.abs(ms - when) < DAY).concat(when);
    if (m.perDay && given.some((from) => from <= when && given.filter((ms) => ms >= from && ms - from < DAY).length > m.perDay)) out.push("daily");
    if (m.between && given.slice(0, -1).some((ms) => Math.abs(ms - when) < m.between * 3600000)) out.push("interval");
    return out;
  };

  const tell = (problem, text) => { problem.textContent = text; problem.scrollIntoView({ block: "center" }); return false; };
  const area = (id, label) => [el("label", { for: id }, label), el("textarea", { id, maxlength: 500, rows: 3 })];
  const written = async (before, report, record, problem) => {
    let id;
    try {
      id = await note(Object.assign({ booking: before.booking }, report));
    } catch (e) { // no place: nothing is kept, and nobody may think it is
      return tell(problem, t("not_kept"));
    }
    const c = kid(before.booking) || before; // fetched anew meanwhile
    c.records = [Object.assign({ local: id, at: new Date(now()).toISOString(), day: today(), by: "" }, record)].concat(c.records || []);
    try {
      Object.assign(pack, await seal(key, camp));
      await save(pack);
    } catch (e) { /* it waits in the queue, and is on the screen */ }
    toChild(c);
    await contact();
    await show();
    return true;
  };

  // When it was given, of who writes it down later; of a dose of yesterday the day is asked too.
  const earlier = (slot, due) => {
    const from = el("select", { id: "pocket-on" }, [today(), dayBefore()].map((day, i) => el("option", { value: day, selected: day === due }, t(i ? "yesterday" : "today"))));
    const at = el("input", { id: "pocket-clock", type: "time", class: "w-12", autocomplete: "off" });
    const box = el("details", { class: "given-when", open: due < today() }, el("summary", {}, t("earlier_than_now")),
      !slot || due < today() ? el("div", { class: "field" }, el("label", { for: "pocket-on" }, t("on")), from) : null,
      el("div", { class: "field" }, el("label", { for: "pocket-clock" }, t("clock_label")), el("p", { class: "hint" }, t("clock_hint")), at));
    return { box, read: (given) => {
      const day = !slot || due < today() ? from.value : due;
      if (!at.value) return day < today() && given ? { problem: t("clock_needed") } : { at: now(), day: due };
      const ms = momentOf(day, at.value);
      if (!ms) return { problem: t("clock_wrong") };
      return ms > now() ? { problem: t("time_ahead") } : { at: ms, day: slot ? due : day, late: now() - ms > 60000 };
    } };
  };

  const give = (c, m, slot, due = today()) => {
    enter({ pocket: 2, child: c.booking, medicine: m.key, slot, day: due });
    const problem = el("p", { class: "error", role: "alert" });
    const choices = ["given", "refused", "missed", "absent", "vomited"].map((o) => el("div", { class: "choice" }, el("input", { type: "radio", name: "outcome", id: "o-" + o, value: o }),
      el("label", { for: "o-" + o }, t("outcome." + o))));
    const broken = limits(c, m, slot, due, now()), when = earlier(slot, due);
    const happened = el("input", { type: "checkbox", id: "pocket-happened" });
    const past = el("div", { class: "choice", hidden: true }, happened, el("label", { for: "pocket-happened" }, t("happened")));
    const form = el("form", { novalidate: true, "data-many": true }, problem, el("fieldset", { class: "field choices" }, el("legend", {}, t("outcome")), choices),
      when.box, broken.length && camp.lead ? el("div", { class: "field" }, area("pocket-reason", t("reason"))) : null, past,
      el("button", { class: "button", type: "submit" }, t("save")), el("p", { class: "muted small" }, t("writes_at", clock(now()))));
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const chosen = form.querySelector("input:checked"), reason = form.querySelector("#pocket-reason");
      if (!chosen) return tell(problem, t("no_outcome"));
      const then = when.read(chosen.value === "given");
      if (then.problem) { when.box.open = true; return tell(problem, then.problem); }
      const against = chosen.value === "given" ? limits(c, m, slot, then.day, then.at) : [];
      if (against.length && !(camp.lead && reason && reason.value.trim().length >= 15) && !(then.late && happened.checked)) {
        past.hidden = !then.late;
        return tell(problem, against.map((b) => t("limit." + b)).join(" ") + " " + t(then.late ? "happened_why" : camp.lead ? "reason" : "ask_lead"));
      }
      const submit = form.querySelector("[type=submit]");
      submit.disabled = true; // one tap
      submit.disabled = await written(c, { kind: "medicine", medicine: m.key, slot, day: then.day, at: new Date(then.at).toISOString(), outcome: chosen.value, reason: reason ? reason.value : "" },
        { medicine: m.key, slot, day: then.day, at: new Date(then.at).toISOString(), outcome: chosen.value, what: t("outcome." + chosen.value) + ", " + m.name + (slot ? ", " + t("slot." + slot) : "") }, problem);
    });
    view.replaceChildren(el("p", {}, button(c.first, () => toChild(c), true)), el("h2", {}, c.first + " " + c.last), words(c.words) || "",
      el("section", { class: "panel medicine" }, el("h3", {}, m.name), el("p", { class: "medicine-amount" }, m.amount), slot ? el("p", {}, el("strong", {}, (due < today() ? t("yesterday") + ", " : "") + t("slot." + slot) + " (" + m.slots[slot] + ")")) : null,
        m.when || m.limit ? el("p", {}, [m.when, m.limit].filter(Boolean).join(". ")) : null,
        el("dl", {}, (m.facts || []).map((f) => el("div", {}, el("dt", {}, f.Label), el("dd", {}, f.Text))))),
      m.call ? el("section", { class: "calls" }, el("p", {}, el("strong", {}, t("call_first"))), el("ul", {}, (c.call || []).slice(0, 1).map((one) => caller(one, true)))) : "",
      broken.length ? el("section", { class: "alarm alarm-red", role: "alert" }, el("div", {}, broken.map((b) => el("p", {}, el("strong", {}, t("limit." + b)))),
        el("p", {}, t(camp.lead ? "reason_why" : "ask_lead")))) : "", form);
    scrollTo(0, 0);
  };

  const aid = (c) => {
    enter({ pocket: 2, child: c.booking, aid: true });
    const problem = el("p", { class: "error", role: "alert" });
    const form = el("form", { novalidate: true, "data-many": true }, problem, el("div", { class: "field" }, area("pocket-note", t("note"))),
      el("div", { class: "choice" }, el("input", { type: "checkbox", id: "pocket-incident" }), el("label", { for: "pocket-incident" }, t("incident"))),
      el("button", { class: "button", type: "submit" }, t("save")));
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const text = form.querySelector("#pocket-note").value.trim();
      if (!text) return tell(problem, t("no_note"));
      const submit = form.querySelector("[type=submit]");
      submit.disabled = true;
      submit.disabled = await written(c, { kind: form.querySelector("#pocket-incident").checked ? "incident" : "first_aid", note: text }, { what: t("aid"), note: text }, problem);
    });
    view.replaceChildren(el("p", {}, button(c.first, () => toChild(c), true)), el("h2", {}, c.first + " " + c.last), form);
  };

  // ---- start ----

  if (navigator.serviceWorker) navigator.serviceWorker.register("/animator/sw.js?l=" + document.documentElement.lang, { scope: "/animator" }).catch(() => {});
  store("pack", "readwrite", (s) => s.delete("one")).then(show).then(contact); // "one" was the only pack, when a phone kept one camp
})();
