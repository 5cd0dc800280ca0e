/* Comforts on top of pages that work without a script. No text lives here: it comes in data attributes. */
(() => {
  "use strict";

  const design = window.DKFDS;

  /** Typed dates that the calendar cannot read would otherwise be sent as nothing. */
  const keepTypedDates = (form) => {
    for (const picker of form.querySelectorAll(".date-picker--initialized")) {
      const typed = picker.querySelector(".date-picker__external-input");
      const sent = picker.querySelector(".date-picker__internal-input");
      if (typed && sent && typed.value.trim() && !sent.value) sent.value = typed.value;
    }
  };

  /** The number of characters as the server counts them: code points, a line end as one. */
  const countLeft = (group) => {
    const field = group.querySelector("textarea, input");
    const shown = group.querySelector(".character-count");
    const status = group.querySelector("[data-limit-status]");
    const numbers = new Intl.NumberFormat(document.documentElement.lang);
    let pause = 0;
    const update = () => {
      const left = Number(group.dataset.limit) - [...field.value].length;
      const words = left < 0 ? group.dataset.over : group.dataset.left;
      shown.textContent = words.replace("{n}", numbers.format(Math.abs(left)));
      shown.classList.toggle("limit-exceeded", left < 0);
      clearTimeout(pause);
      pause = setTimeout(() => { status.textContent = shown.textContent; }, 1000);
    };
    field.addEventListener("input", update);
    update();
  };

  /** <form data-warn-unsaved>: the browser asks before a typed text is left. */
  const warnUnsaved = (form) => {
    let changed = false;
    form.addEventListener("input", () => { changed = true; });
    form.addEventListener("submit", () => { changed = false; });
    window.addEventListener("beforeunload", (event) => { if (changed) event.preventDefault(); });
    form.addEventListener("keydown", (event) => {
      const save = form.querySelector("[data-save], button[value=save]");
      if (save && (event.ctrlKey || event.metaKey) && event.key === "s") {
        event.preventDefault();
        form.requestSubmit(save);
      }
    });
  };

  /** <form data-autosave="address">: what is typed is kept on the server when a pause comes. */
  const autosave = (form) => {
    const status = form.querySelector("[data-autosave-status]");
    const pauses = { typing: 3000, failing: 10000 };
    let timer = 0, dirty = false, stopped = false, running = null;
    const wait = (pause) => {
      clearTimeout(timer);
      timer = setTimeout(() => keep(), pause);
    };
    const say = (words, failing) => {
      status.setAttribute("role", failing ? "alert" : "none"); // a reader is not told of each success
      status.textContent = words;
    };
    const keep = async (last = false) => {
      if (!dirty || stopped || (running && !last)) return;
      dirty = false;
      running = new AbortController();
      try {
        const answer = await fetch(form.dataset.autosave, {
          method: "POST", body: new URLSearchParams(new FormData(form)), keepalive: last,
          credentials: "same-origin", redirect: "error", signal: running.signal,
        });
        const known = (answer.headers.get("Content-Type") || "").startsWith("application/json");
        if (!known) throw new Error(answer.statusText);
        say((await answer.json()).message, !answer.ok);
      } catch (error) {
        if (stopped) return;
        dirty = true;
        say(form.dataset.autosaveFailed, true);
        wait(pauses.failing);
      } finally {
        running = null;
      }
    };
    form.addEventListener("input", () => {
      dirty = true;
      wait(pauses.typing);
    });
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "hidden") keep(true);
    });
    form.addEventListener("submit", () => {
      stopped = true;
      clearTimeout(timer);
      if (running) running.abort();
    });
  };

  /** A double click sends once. The button itself stays enabled, so that its name is sent. */
  const sendOnce = (form) => {
    let sentAt = -Infinity;
    form.addEventListener("submit", (event) => {
      if (event.timeStamp - sentAt < 2000) {
        event.preventDefault();
        return;
      }
      sentAt = event.timeStamp;
      keepTypedDates(form);
    });
  };

  const start = () => {
    document.documentElement.classList.add("scripted");
    if (design) {
      if (window.dkfdsDatePickerTexts) design.datePicker.setLanguage(window.dkfdsDatePickerTexts);
      design.init();
      const nav = document.querySelector("[data-more]");
      const more = nav && nav.querySelector(".more-button span");
      if (more) more.textContent = nav.dataset.more;
    }
    document.querySelectorAll("[data-limit]").forEach(countLeft);
    document.querySelectorAll("form[data-warn-unsaved]").forEach(warnUnsaved);
    document.querySelectorAll("form[data-autosave]").forEach(autosave);
    document.querySelectorAll("form[method=post]").forEach(sendOnce);
    for (const list of document.querySelectorAll("[data-submit-on-change]")) {
      list.addEventListener("change", () => list.form.requestSubmit());
    }
    for (const button of document.querySelectorAll("[data-print]")) {
      button.addEventListener("click", () => window.print());
    }
    const summary = document.querySelector(".error-summary");
    if (summary) summary.focus();
  };

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
