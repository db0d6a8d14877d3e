/* Draws messages. Whatever was written goes in as text, never as markup. */
var Cards = (function () {
  'use strict';
  var words = JSON.parse(document.getElementById('words').textContent);
  var log = document.getElementById('log'), choices = document.getElementById('choices');
  var STEP = /^(.{1,80}) · (Bước \d+ trong \d+)$/;
  var LINKS = /(https?:\/\/[^\s<>"]+[^\s<>".,;:!?)\]])|(\b0\d(?:[ .]?\d){8,9}\b)/g;
  var voiceAhead = null;

  function make(tag, className, text) {
    var element = document.createElement(tag);
    if (className) { element.className = className; }
    if (text !== undefined) { element.textContent = text; }
    return element;
  }

  function link(found, isAddress) {
    var anchor = make('a', '', found);
    anchor.href = isAddress ? found : 'tel:' + found.replace(/\D/g, '');
    if (isAddress) { anchor.target = '_blank'; anchor.rel = 'noopener noreferrer'; }
    return anchor;
  }

  function paragraph(text) {
    var element = make('p'), at = 0;
    text.replace(LINKS, function (found, address, phone, place) {
      element.appendChild(document.createTextNode(text.slice(at, place)));
      element.appendChild(link(found, Boolean(address)));
      at = place + found.length;
    });
    element.appendChild(document.createTextNode(text.slice(at)));
    return element;
  }

  function heading(lesson, step) {
    var element = make('h2', 'step');
    element.appendChild(make('span', 'lesson', lesson));
    element.appendChild(make('span', '', step));
    return element;
  }

  function writeText(card, text) {
    var lines = text.split('\n'), i, gap = false, step = STEP.exec(lines[0]);
    for (i = 0; i < lines.length; i++) {
      if (!lines[i].trim()) { gap = true; continue; }
      card.appendChild(i === 0 && step ? heading(step[1], step[2]) : paragraph(lines[i]));
      if (gap) { card.lastChild.className += ' after-gap'; }
      gap = false;
    }
  }

  function two(number) { return (number < 10 ? '0' : '') + number; }

  function clock(at) {
    var time = new Date(at), hour = two(time.getHours()) + ':' + two(time.getMinutes()), element = make('time', 'at');
    element.setAttribute('datetime', at);
    if (isNaN(time.getTime())) { return element; }
    var isToday = time.toDateString() === new Date().toDateString();
    element.textContent = isToday ? hour : hour + ', ' + time.getDate() + '/' + (time.getMonth() + 1);
    return element;
  }

  function hearButton(card, line) {
    var button = make('button', 'hear' + (line.voice ? ' recorded' : ''), '▶ ' + words.hear), on = false;
    function show(isOn) {
      on = isOn;
      button.textContent = on ? '■ ' + words.stop : '▶ ' + words.hear;
      button.setAttribute('aria-pressed', String(on));
    }
    button.type = 'button';
    button.setAttribute('aria-pressed', 'false');
    button.addEventListener('click', function () {
      if (on) { Voice.stop(); return; }
      Voice.play({ text: aloud(card, line), src: line.voice && line.voice.src }, function () { show(false); });
      show(true);
    });
    return button;
  }

  /* The newest message is read with its buttons, so that a person who cannot see them knows what to say. */
  function aloud(card, line) {
    var text = line.text.replace(/ · /g, '. ');
    if (choices.getAttribute('data-of') !== line.cursor) { return text; }
    return text + '\n' + line.choices.map(function (choice, place) {
      return words.read_choice + ' ' + (place + 1) + ': ' + choice[1] + '.';
    }).join('\n');
  }

  function picture(line, loaded) {
    var image = make('img', 'picture');
    image.onload = loaded;
    image.alt = line.picture.alt;
    image.src = line.picture.src;
    return image;
  }

  /* A real link, so that keyboards, screen readers and download managers know what to do with it. */
  function paper(line) {
    var anchor = make('a', 'button main paper', words.download + ': ' + line.paper.name);
    anchor.href = line.paper.src;
    anchor.setAttribute('download', line.paper.name);
    return anchor;
  }

  /* One message of the bot. A recorded voice comes ahead of its text and is heard with it. */
  function bot(line, loaded) {
    var card = make('article', 'card bot'), foot = make('div', 'foot');
    if (line.voice && !line.text) { voiceAhead = line.voice; return null; }
    line.voice = line.voice || voiceAhead;
    voiceAhead = null;
    card.setAttribute('data-cursor', line.cursor);
    card.appendChild(make('span', 'unseen', words.bot));
    writeText(card, line.text);
    if (line.picture) { card.appendChild(picture(line, loaded)); }
    if (line.paper) { card.appendChild(paper(line)); }
    if (line.text) { foot.appendChild(hearButton(card, line)); }
    foot.appendChild(clock(line.at));
    card.appendChild(foot);
    return card;
  }

  /* One message of the person, with a button to send it again where it did not go out. */
  function own(message, again) {
    var card = make('article', 'card own'), state = make('p', 'state'), button = make('button', 'again', words.unsent);
    button.type = 'button';
    button.addEventListener('click', again);
    card.appendChild(make('span', 'unseen', words.me));
    card.appendChild(make('p', '', message.label));
    card.appendChild(state);
    card.appendChild(button);
    message.show = function () {
      var isFailed = message.state === 'failed' || message.state === 'refused';
      state.textContent = message.state === 'failed' ? '' : message.says || words[message.state] || '';
      state.hidden = message.state === 'failed';
      button.hidden = !isFailed;
      card.className = 'card own ' + message.state;
    };
    message.show();
    return card;
  }

  function choiceButton(choice, place, tapped) {
    var isQuiet = choice[0] === 'nav:back' || choice[0] === 'help:ask';
    var button = make('button', 'button ' + (isQuiet ? 'quiet' : 'main'), place + '. ' + choice[1]);
    button.type = 'button';
    button.setAttribute('data-key', choice[0]);
    button.addEventListener('click', function () { tapped(choice, button); });
    return button;
  }

  /* The buttons of the newest question take the place of the old ones; the focus stays where it was. */
  function offer(line, tapped) {
    var hadFocus = choices.contains(document.activeElement) && document.activeElement !== document.body;
    choices.textContent = '';
    choices.className = 'choices';
    choices.setAttribute('data-of', line.cursor);
    choices.hidden = !line.choices.length;
    line.choices.forEach(function (choice, place) { choices.appendChild(choiceButton(choice, place + 1, tapped)); });
    if (hadFocus) { choices.focus(); }
  }

  /* After an answer the buttons rest; they come back when no new question does. */
  function rest(isResting) {
    var buttons = choices.children, i;
    choices.className = isResting ? 'choices resting' : 'choices';
    for (i = 0; i < buttons.length; i++) { buttons[i].setAttribute('aria-disabled', String(isResting)); }
  }

  function closed() {
    var card = make('article', 'card bot'), anchor = make('a', 'button main', words.to_door);
    anchor.href = '/';
    card.appendChild(make('p', '', words.closed));
    card.appendChild(anchor);
    log.appendChild(card);
    choices.hidden = true;
  }

  return { words: words, log: log, choices: choices, bot: bot, own: own, offer: offer, rest: rest, closed: closed,
    isResting: function () { return choices.className !== 'choices'; } };
})();
