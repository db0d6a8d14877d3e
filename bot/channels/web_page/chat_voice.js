/* "Nghe": reads a message aloud with a recorded voice, or with the phone's own Vietnamese voice where it has one. */
var Voice = (function () {
  'use strict';
  var synth = window.speechSynthesis, vietnamese = null, playing = null;

  function look() {
    var voices = synth && window.SpeechSynthesisUtterance ? synth.getVoices() : [], i;
    for (i = 0; i < voices.length && !vietnamese; i++) {
      if (/^vi\b/i.test(voices[i].lang.replace('_', '-'))) { vietnamese = voices[i]; }
    }
    document.documentElement.classList[vietnamese ? 'add' : 'remove']('can-speak');
  }

  function stop() {
    var was = playing;
    playing = null;
    if (!was) { return; }
    if (was.audio) { was.audio.pause(); }
    if (synth) { synth.cancel(); }
    was.done();
  }

  /* Long utterances are cut off by some phones: one sentence at a time. */
  function speak(text, mine) {
    var parts = text.match(/[^.!?…\n]+[.!?…]*/g) || [text];
    function next() {
      var part = parts.shift(), utterance;
      if (playing !== mine) { return; }
      if (part === undefined) { stop(); return; }
      utterance = new SpeechSynthesisUtterance(part);
      utterance.voice = vietnamese;
      utterance.lang = vietnamese.lang;
      utterance.rate = 0.9;
      utterance.onend = next;
      utterance.onerror = function () { if (playing === mine) { stop(); } };
      mine.utterance = utterance; /* held here, or some browsers forget it halfway */
      synth.speak(utterance);
    }
    next();
  }

  function play(what, done) {
    var mine = { done: done };
    stop();
    playing = mine;
    if (!what.src) { speak(what.text, mine); return; }
    mine.audio = new Audio(what.src);
    mine.audio.onended = function () { if (playing === mine) { stop(); } };
    mine.audio.onerror = function () {
      if (playing !== mine) { return; }
      if (vietnamese) { speak(what.text, mine); } else { stop(); }
    };
    mine.audio.play();
  }

  look();
  if (synth && 'onvoiceschanged' in synth) { synth.onvoiceschanged = look; }
  window.addEventListener('pagehide', stop);

  return { play: play, stop: stop };
})();
