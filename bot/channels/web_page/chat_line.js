/* The line to the house: what the bot said comes in, as a stream or by asking; what the person said goes out. */
var Line = (function () {
  'use strict';
  var SILENCE = 40000, POLL = 4000, LONGEST_WAIT = 15000;
  var source = null, last = '', heard = 0, failures = 0, brokenStreams = 0, timer = null, asking = false, isOver = false;
  var on = {};

  function ask(method, path, body, done) {
    var request = new XMLHttpRequest();
    request.open(method, path);
    request.timeout = 20000;
    if (body) {
      request.setRequestHeader('Content-Type', 'application/json');
      request.setRequestHeader('X-Camtay', '1');
    }
    request.onload = function () {
      var answer = {};
      try { answer = JSON.parse(request.responseText); } catch (e) { /* a proxy's own page */ }
      done(request.status, answer, Number(request.getResponseHeader('Retry-After')) || 0);
    };
    request.onerror = request.ontimeout = function () { done(0, {}, 0); };
    request.send(body ? JSON.stringify(body) : null);
  }

  function later(wait, what) {
    clearTimeout(timer);
    timer = setTimeout(what, wait);
  }

  function take(line) {
    heard = Date.now();
    if (on.line(line)) { last = line.cursor; }
  }

  function over() {
    isOver = true;
    drop();
    clearTimeout(timer);
    on.closed();
  }

  function drop() {
    if (source) { source.close(); }
    source = null;
  }

  /* Ask once for what is new; also tells a lost network from a lost stream. */
  function catchUp(then) {
    if (asking || isOver) { return; }
    asking = true;
    ask('GET', 'history?after=' + encodeURIComponent(last), null, function (status, answer, wait) {
      asking = false;
      if (status === 401) { over(); return; }
      if (status !== 200 || !answer.lines) { failed(wait); return; }
      failures = 0;
      answer.lines.forEach(take);
      on.up();
      if (then) { then(); }
    });
  }

  function failed(wait) {
    failures++;
    drop();
    if (failures > 1) { on.down(); }
    later(Math.max(wait * 1000, Math.min(LONGEST_WAIT, 500 * Math.pow(2, failures))), function () { catchUp(listen); });
  }

  function poll() {
    later(POLL, function () { catchUp(poll); });
  }

  function listen() {
    if (isOver) { return; }
    drop();
    if (!window.EventSource || brokenStreams > 3) { catchUp(poll); return; }
    var mine = source = new EventSource('events?after=' + encodeURIComponent(last)), worked = false;
    heard = Date.now();
    /* The first beat says: this was all that was missed. */
    function beat() {
      heard = Date.now();
      if (worked) { return; }
      worked = true;
      failures = brokenStreams = 0;
      on.up();
    }
    mine.addEventListener('line', function (event) { take(JSON.parse(event.data)); });
    mine.addEventListener('beat', beat);
    mine.addEventListener('crowded', function () { brokenStreams = 99; drop(); poll(); });
    mine.onerror = function () {
      if (source !== mine) { return; }
      if (!worked) { brokenStreams++; }
      drop();
      later(worked ? 300 : 2000, function () { catchUp(listen); });
    };
  }

  /* A sleeping phone or a dead network leaves a stream that looks open and says nothing. */
  function watch() {
    if (source && Date.now() - heard > SILENCE) { drop(); catchUp(listen); }
  }

  function wake() {
    if (isOver || (source && Date.now() - heard < 20000)) { return; }
    drop();
    clearTimeout(timer);
    catchUp(listen);
  }

  function open(handlers) {
    on = handlers;
    listen();
    setInterval(watch, 5000);
    window.addEventListener('online', wake);
    window.addEventListener('offline', function () { on.down(); });
    document.addEventListener('visibilitychange', function () { if (!document.hidden) { wake(); } });
  }

  return { open: open, catchUp: catchUp, place: function () { return last; },
    say: function (message, done) { ask('POST', 'say', message, function (status, answer, wait) {
      if (status === 401) { over(); }
      done(status, answer, wait);
    }); } };
})();
