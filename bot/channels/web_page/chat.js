/* The conversation: own messages at once and until they are delivered, the bot's as they come. */
(function () {
  'use strict';
  var words = Cards.words, log = Cards.log;
  var field = document.getElementById('text'), lost = document.getElementById('lost');
  var news = document.getElementById('news'), opening = document.getElementById('opening');
  var shown = {}, messages = [], busy = false, attempts = 0, retry = null, first = null, unseen = null, anchor = null, anchorAt = 0, seenAt = 0, hasOpened = false;

  /* ---- where the eyes are ---- */

  function isAtEnd() {
    return window.pageYOffset + window.innerHeight > document.documentElement.scrollHeight - 160;
  }

  function lookAt(card) {
    unseen = null;
    window.scrollTo(0, window.pageYOffset + card.getBoundingClientRect().top - 12);
    anchor = card;
    anchorAt = seenAt = window.pageYOffset;
    hint();
  }

  /* A picture that arrives late must not push away what is being read. */
  function lookAgain() {
    if (isStill()) { lookAt(anchor); } else { hint(); }
  }

  /* Nor must turning the phone. The browser scrolls before it tells, so what counts is where the eyes were before. */
  function turned() {
    if (anchor && Math.abs(seenAt - anchorAt) < 4) { lookAt(anchor); } else { hint(); }
  }

  function isStill() {
    return anchor && Math.abs(window.pageYOffset - anchorAt) < 4;
  }

  /* A bar above the typing box tells what is out of sight: a new message, or the buttons to answer with. */
  function hint() {
    var edge = news.parentNode.getBoundingClientRect().top, box = Cards.choices.getBoundingClientRect();
    if (isAtEnd()) { unseen = null; }
    news.textContent = unseen ? words.news : words.more;
    news.hidden = !unseen && (Cards.choices.hidden || box.top < edge - 30);
  }

  function goDown() {
    if (unseen) { lookAt(unseen); return; }
    window.scrollTo(0, document.documentElement.scrollHeight);
  }

  /* Several messages that come together are read from the first one. */
  function follow(card, wasAtEnd) {
    if (first && !isStill()) { first = null; }
    if (!wasAtEnd && !first) { unseen = unseen || card; hint(); return; }
    if (!first) { setTimeout(function () { first = null; }, 600); first = card; }
    lookAt(first);
  }

  /* ---- what the bot says ---- */

  function draw(line) {
    if (shown[line.cursor]) { return false; }
    shown[line.cursor] = true;
    var wasAtEnd = isAtEnd(), card = Cards.bot(line, lookAgain);
    if (line.choices.length) { Cards.offer(line, tapped); }
    if (card) { log.appendChild(card); }
    placeOwn(line.cursor);
    if (card && hasOpened) { follow(card, wasAtEnd); }
    return true;
  }

  /* After a reload, own messages stand again where they were said. */
  function placeOwn(cursor) {
    messages.forEach(function (message) {
      if (message.after === cursor && !message.show) { log.appendChild(ownCard(message)); }
    });
  }

  /* All that was said so far is there: show the newest, and from now on read new ones out. */
  function settle() {
    var cards = log.querySelectorAll('.bot');
    hasOpened = true;
    opening.hidden = true;
    messages.forEach(function (message) { if (!message.show) { log.appendChild(ownCard(message)); } });
    if (cards.length > 1) { lookAt(cards[cards.length - 1]); } else { hint(); }
    setTimeout(function () { log.setAttribute('aria-live', 'polite'); }, 500);
  }

  function up() {
    lost.textContent = '';
    if (!hasOpened) { settle(); }
    again();
  }

  function again() {
    clearTimeout(retry);
    pump();
  }

  function down() { lost.textContent = words.lost; }

  function closed() {
    document.getElementById('write').hidden = true;
    opening.hidden = true;
    Cards.closed();
  }

  /* ---- what the person says ---- */

  function say(label, body) {
    var message = { id: Memory.newId(), label: label, body: body, after: Line.place(), state: 'sending' };
    messages.push(message);
    log.appendChild(ownCard(message));
    first = null;
    window.scrollTo(0, document.documentElement.scrollHeight);
    save();
    pump();
  }

  function save() {
    messages = messages.slice(-80);
    Memory.keep(messages.map(function (message) {
      return { id: message.id, label: message.label, body: message.body, after: message.after, state: message.state };
    }));
  }

  function set(message, state, says) {
    message.state = state;
    message.says = says;
    if (message.show) { message.show(); }
    save();
  }

  function nextWaiting() {
    return messages.filter(function (message) { return message.state === 'sending' || message.state === 'failed'; })[0];
  }

  function ownCard(message) {
    return Cards.own(message, function () {
      set(message, 'sending');
      again();
    });
  }

  /* One at a time and in order; the same id each time, so that repeating is harmless. */
  function pump() {
    var message = nextWaiting();
    if (busy || !message) { return; }
    busy = true;
    set(message, 'sending');
    Line.say({ id: message.id, text: message.body.text, choice: message.body.choice }, function (status, answer, wait) {
      busy = false;
      if (status === 200) { delivered(message); return; }
      if (status === 400 || status === 403 || status === 413) { refused(message, answer); return; }
      attempts++;
      set(message, 'failed');
      lost.textContent = status === 0 ? words.lost : answer.says || words.lost;
      if (status === 401) { return; }
      clearTimeout(retry);
      retry = setTimeout(pump, Math.max(wait * 1000, Math.min(30000, 500 * Math.pow(2, attempts))));
    });
  }

  function delivered(message) {
    attempts = 0;
    lost.textContent = '';
    set(message, 'sent');
    setTimeout(function () { if (Cards.isResting()) { Line.catchUp(); } }, 3000);
    setTimeout(function () { if (Cards.isResting() && !nextWaiting()) { Cards.rest(false); } }, 6000);
    pump();
  }

  function refused(message, answer) {
    set(message, 'refused', answer.says || words.refused);
    Cards.rest(false);
    pump();
  }

  function tapped(choice, button) {
    if (Cards.isResting()) { return; }
    Voice.stop();
    Cards.rest(true);
    button.className += ' chosen';
    say(choice[1], { choice: choice[0] });
  }

  function typed() {
    var text = field.value.trim();
    if (!text) { field.focus(); return; }
    field.value = '';
    Memory.keepDraft('');
    grow();
    say(text, { text: text });
  }

  function grow() {
    field.style.height = 'auto';
    field.style.height = Math.min(field.scrollHeight + 4, window.innerHeight / 4) + 'px';
  }

  window.addEventListener('online', again);
  window.addEventListener('scroll', function () { seenAt = window.pageYOffset; hint(); });
  window.addEventListener('resize', turned);
  news.addEventListener('click', goDown);
  field.value = Memory.draft();
  field.addEventListener('input', function () { Memory.keepDraft(field.value); grow(); });
  field.addEventListener('keydown', function (event) {
    if (event.keyCode === 13 && !event.shiftKey && !event.isComposing) { event.preventDefault(); typed(); }
  });
  document.getElementById('write').addEventListener('submit', function (event) { event.preventDefault(); typed(); });

  messages = Memory.said().concat(Memory.waiting());
  opening.hidden = false;
  Line.open({ line: draw, up: up, down: down, closed: closed });
})();
