/* Pasting from Word, mail and web pages into a status: lists, numbers, sub-headings and footnotes become the
   signs they are typed with. Without a script the plain text is pasted, and the server knows Word's bullets.
   The pasted page is only parsed, never shown: nothing in it runs, nothing of it is fetched. */
(() => {
  "use strict";

  const SKIPPED = "style, script, head, title, template, del, noscript, svg, math, object, select, textarea, button,"
    + " [hidden], [role=doc-backlink], [class~=msoDel], [class~=msocomanchor], [class~=MsoCommentReference]";
  const HIDDEN = /display:\s*none|mso-hide:\s*all|mso-element:\s*comment/i;
  const MARKER = /mso-list:\s*ignore/i;
  const LISTED = /mso-list:\s*[a-z0-9]/i;
  const RAISING = /vertical-align:\s*super/i;
  const BLOCKS = new Set(("ADDRESS ARTICLE ASIDE BLOCKQUOTE BODY CAPTION CENTER DD DETAILS DIV DL DT FIELDSET "
    + "FIGCAPTION FIGURE FOOTER FORM H1 H2 H3 H4 H5 H6 HEADER HR LI MAIN NAV OL P PRE SECTION SUMMARY TABLE "
    + "TBODY TD TFOOT TH THEAD TR UL").split(" "));
  // Addresses of notes and of the way back: Word's ftn1, LibreOffice's sdfootnote1sym, Google's ftnt1, fn:1,
  // cite_note-name-1, note-1
  const NOTE = /(?:ftnt?|edn|fn|note)[-_:]?(?:.*[-_:])?(\d{1,3})(?:sym)?$/i;
  const BACK = /(?:ftnt?|edn|fn|note|cite)[-_:]?ref|\danc$|-mark$|reference-\d+$/i;
  const RAISED = [..."⁰¹²³⁴⁵⁶⁷⁸⁹"];
  // A list's sign and the wide space after it, in mail where Word's own marks of a list are gone
  const LOOSE = /^(?:([·•▪§oØü\uf020-\uf0ff-])|\(?(\d{1,3})[.)]|\(?([a-z])[.)])(?:\u00a0[\u00a0\s]+|\t\s*)(?=\S)/;

  const raise = (number) => [...String(Number(number))].map((digit) => RAISED[digit]).join("");

  /** The page as elements. Its styles are kept under another name: the content security policy of this page
      forbids styles in elements, and the browser says so of each. */
  const parsed = (html) => new DOMParser().parseFromString(
    html.replace(/<style[\s\S]*?<\/style\s*>/gi, "")
      .replace(/<[a-z][^>]*>/gi, (tag) => tag.replace(/\sstyle(?=\s*=)/gi, " data-style")),
    "text/html",
  ).body;

  const styleOf = (element) => element.dataset?.style || "";

  const ROMAN = { i: 1, v: 5, x: 10 };

  const roman = (text) => [...text].map((one) => ROMAN[one]).reduce(
    (sum, one, place, all) => sum + (one < (all[place + 1] ?? 0) ? -one : one), 0,
  );

  /** The number that a list's marker means: 3 of "3.", "(3)", "c)" and "iii."; 0 of a bullet.
      `last` is the number before it, which tells "i." after "h." from a first "i.". */
  const numberOf = (marker, last) => {
    const number = marker.match(/^\(?(?:\d{1,2}\.)*(\d{1,3})[.):]?$/);
    if (number) return Number(number[1]);
    const letter = marker.match(/^\(?([a-z]|[ivx]+)[.)]$/i)?.[1].toLowerCase();
    if (!letter) return 0;
    const place = letter.charCodeAt(0) - 96;
    return /^[ivx]+$/.test(letter) && (letter.length > 1 || place !== last + 1) ? roman(letter) : place;
  };

  const fragment = (link) => (link.getAttribute("href") || "").replace(/^[^#]*#?/, "");

  /** The link by which a note leads back to its mark. */
  const wayBack = (node) => [...node.querySelectorAll("a[href*='#']")].find(
    (link) => link.getAttribute("role") === "doc-backlink" || BACK.test(fragment(link)),
  );

  class Reader {
    constructor() {
      this.lines = [];
      this.notes = new Map();
      this.structured = false;
      this.number = 0;
      this.begin("");
    }

    begin(prefix) {
      this.prefix = prefix;
      this.text = "";
    }

    /** Ends the line. The prefix stays for the text that follows where none has come yet. */
    end(next = "") {
      const loose = this.prefix ? null : this.text.trimStart().match(LOOSE);
      if (loose) {
        this.mark(loose[0]);
        this.text = this.text.trimStart().slice(loose[0].length);
        this.structured = true;
      }
      const text = this.text.replace(/[\s\u00a0]+/g, " ").trim();
      if (text) this.lines.push(this.prefix + text);
      this.begin(text || next ? next : this.prefix);
    }

    read(node) {
      if (node.nodeType === Node.TEXT_NODE) this.text += node.data;
      if (node.nodeType !== Node.ELEMENT_NODE || node.matches(SKIPPED)) return;
      const style = styleOf(node);
      if (HIDDEN.test(style)) return;
      if (MARKER.test(style)) this.mark(node.textContent);
      else if (this.readNote(node, style) || this.readReference(node)) return;
      else if (node.tagName === "BR" && this.prefix) this.text += " ";
      else if (node.tagName === "BR") this.end();
      else if (node.tagName === "SUP" || RAISING.test(style)) this.readRaised(node);
      else if (node.tagName === "TR") this.readTableRow(node);
      else if (BLOCKS.has(node.tagName)) this.readBlock(node, style);
      else this.children(node);
    }

    children(node) {
      for (const child of node.childNodes) this.read(child);
    }

    /** A list's marker, as it is printed, becomes the sign of the line. */
    mark(marker) {
      const printed = marker.replace(/[\s\u00a0]+/g, "");
      if (!printed) return;
      this.structured = true;
      this.number = numberOf(printed, this.number);
      this.prefix = this.number ? `${this.number}. ` : "- ";
    }

    readBlock(node, style) {
      const inItem = node.tagName !== "LI" && this.prefix && !this.text.trim(); // <li><p>…
      if (!inItem) this.end();
      if (/^H[1-6]$/.test(node.tagName) || node.getAttribute("role") === "heading" || /MsoTitle|MsoSubtitle/.test(node.className)) {
        this.structured = true;
        if (!inItem) this.prefix = "## ";
      }
      if (node.tagName === "LI") this.prefix = this.itemSign(node);
      this.children(node);
      this.end();
      if (node.tagName === "LI" || LISTED.test(style) || this.prefix === "## ") this.begin("");
    }

    itemSign(item) {
      this.structured = true;
      const list = item.closest("ol, ul");
      if (!list || list.tagName !== "OL") return "- ";
      const items = [...list.children].filter((one) => one.tagName === "LI");
      const place = items.indexOf(item);
      const given = items.slice(0, place + 1).findLastIndex((one) => one.hasAttribute("value"));
      const first = given < 0 ? Number(list.getAttribute("start") ?? 1) : Number(items[given].getAttribute("value"));
      return `${(first || 1) + place - Math.max(given, 0)}. `;
    }

    /** The cells of a row on one line where each is short; otherwise one after the other. */
    readTableRow(row) {
      this.end();
      const cells = [...row.children].map((cell) => this.apart((reader) => reader.children(cell)));
      const all = cells.filter((cell) => cell.length);
      if (all.every((cell) => cell.length === 1 && !/^(?:- |## |\d+\. )/.test(cell[0]))) {
        if (all.length) this.lines.push(all.map((cell) => cell[0]).join(" – "));
      } else this.lines.push(...all.flat());
    }

    /** What `work` reads, as lines of their own. */
    apart(work) {
      const kept = [this.lines, this.prefix, this.text];
      this.lines = [];
      this.begin("");
      work(this);
      this.end();
      const lines = this.lines;
      [this.lines, this.prefix, this.text] = kept;
      return lines;
    }

    readRaised(node) {
      const link = node.querySelector("a[href*='#']");
      if (link && this.readReference(link)) return;
      const number = node.textContent.trim().match(/^\[?(\d{1,3})\]?$/);
      if (!number) return void this.children(node);
      this.structured = true;
      this.text += this.text.trim() || this.prefix ? raise(number[1]) : `${raise(number[1])} `; // a note of its own
    }

    /** A link to a note is its mark; a link back from a note is left out. */
    readReference(node) {
      if (node.tagName !== "A") return false;
      if (BACK.test(fragment(node))) return true;
      const named = fragment(node).match(NOTE);
      const shown = node.textContent.match(/^[\s[(]*(\d{1,3})[\s\])]*$/);
      const isNote = /mso-(?:foot|end)note-id/.test(styleOf(node)) || node.getAttribute("role") === "doc-noteref";
      if (!(named && (shown || isNote)) && !(isNote && shown)) return false;
      this.structured = true;
      this.text += raise(shown ? shown[1] : named[1]);
      return true;
    }

    /** A note at the end: kept by its number, without its link back. */
    readNote(node, style) {
      const back = wayBack(node);
      const isNote = /mso-element:\s*(?:foot|end)note(?!-)/i.test(style)
        || /^doc-(?:foot|end)note$/.test(node.getAttribute("role") || "")
        || (back && ["LI", "P", "DD", "ASIDE"].includes(node.tagName));
      if (!isNote) return false;
      const number = node.tagName === "LI" ? this.itemSign(node).match(/\d+/)
        : back?.textContent.match(/\d{1,3}/) ?? fragment(back ?? node).match(/\d{1,3}$/);
      if (!number) return false;
      this.structured = true;
      this.end();
      const text = this.apart((reader) => reader.children(node)).join(" ");
      if (text && !this.notes.has(Number(number[0]))) this.notes.set(Number(number[0]), text);
      return true;
    }
  }

  /** The numbers of footnotes that a text has marks or notes for. */
  const numbersIn = (text) => new Set(
    [...text.matchAll(/[⁰¹²³⁴⁵⁶⁷⁸⁹]+|\[\^(\d{1,3})\]/g)].map(
      (found) => Number(found[1] ?? [...found[0]].map((digit) => RAISED.indexOf(digit)).join("")),
    ),
  );

  /** The HTML in editing form, or null where it has nothing that plain text would lose.
      `taken` are footnote numbers in use: a pasted note with one of them gets the next that is free. */
  const editingForm = (html, taken = new Set()) => {
    const reader = new Reader();
    reader.read(parsed(html));
    reader.end();
    if (!reader.structured) return null;
    const others = numbersIn(reader.lines.join("\n"));
    const used = new Set([...taken, ...[...others].filter((number) => !reader.notes.has(number))]);
    const numbers = new Map();
    let next = 1;
    for (const number of reader.notes.keys()) {
      while (used.has(next)) next += 1;
      numbers.set(number, used.has(number) ? next : number);
      used.add(numbers.get(number));
    }
    const renumbered = (line) => line.replace(/[⁰¹²³⁴⁵⁶⁷⁸⁹]+/g, (digits) => {
      const number = Number([...digits].map((digit) => RAISED.indexOf(digit)).join(""));
      return numbers.has(number) ? raise(numbers.get(number)) : digits;
    });
    const notes = [...reader.notes].map(([number, text]) => `${raise(numbers.get(number))} ${text}`);
    return [...reader.lines.map(renumbered), ...notes].join("\n");
  };

  /** Puts text in at the caret as if typed, so that it can be undone and is kept like any typing. */
  const insert = (field, text) => {
    field.focus();
    if (document.execCommand("insertText", false, text)) return;
    field.setRangeText(text, field.selectionStart, field.selectionEnd, "end");
    field.dispatchEvent(new InputEvent("input", { bubbles: true, inputType: "insertFromPaste" }));
  };

  /** A line of a list, a heading or a note stands on a line of its own. */
  const paste = (event) => {
    const field = event.target;
    const html = event.clipboardData?.getData("text/html");
    if (!html || field.readOnly || field.disabled) return;
    const before = field.value.slice(0, field.selectionStart);
    const after = field.value.slice(field.selectionEnd);
    const text = editingForm(html, numbersIn(before + after));
    if (!text) return;
    event.preventDefault();
    const several = text.includes("\n") || /^(?:- |## |\d+\. |[⁰¹²³⁴⁵⁶⁷⁸⁹]+ )/.test(text);
    const bare = before.split("\n").pop().trim() === "";
    insert(field, (several && !bare ? "\n" : "") + text + (several && after && !after.startsWith("\n") ? "\n" : ""));
  };

  document.addEventListener("paste", (event) => {
    if (event.target instanceof HTMLTextAreaElement && event.target.closest("[data-status-text]")) paste(event);
  });
})();
