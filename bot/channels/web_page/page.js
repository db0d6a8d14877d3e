/* Every page: the size of type, before the first paint; and a form sent once however often its button is tapped. */
(function () {
  'use strict';
  var root = document.documentElement;

  function remembered() {
    try { return localStorage.getItem('camtay.size') || '1'; } catch (e) { return '1'; }
  }

  function apply(size) {
    root.className = root.className.replace(/\s*size-\d/, '') + ' size-' + (/^[123]$/.test(size) ? size : '1');
  }

  function choose(size, buttons) {
    apply(size);
    try { localStorage.setItem('camtay.size', size); } catch (e) { /* private mode: only for this page */ }
    mark(size, buttons);
  }

  function mark(size, buttons) {
    for (var i = 0; i < buttons.length; i++) {
      buttons[i].setAttribute('aria-pressed', String(buttons[i].getAttribute('data-size') === size));
    }
  }

  function once(form) {
    var busy = false;
    form.addEventListener('submit', function (event) {
      if (busy) { event.preventDefault(); return; }
      busy = true;
      setTimeout(function () { busy = false; }, 5000);
    });
    window.addEventListener('pageshow', function () { busy = false; });
  }

  apply(remembered());
  document.addEventListener('DOMContentLoaded', function () {
    var buttons = document.querySelectorAll('[data-size]'), forms = document.querySelectorAll('form[data-once]'), i;
    mark(remembered(), buttons);
    for (i = 0; i < buttons.length; i++) {
      buttons[i].addEventListener('click', function () { choose(this.getAttribute('data-size'), buttons); });
    }
    for (i = 0; i < forms.length; i++) { once(forms[i]); }
  });
})();
