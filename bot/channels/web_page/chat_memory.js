/* What the browser remembers for a seat. Unsent messages stay until they are delivered, also when the phone is
   switched off; delivered ones only as long as the tab, because they may hold something private. */
var Memory = (function () {
  'use strict';
  var seat = 'camtay.' + location.pathname;

  function read(box, name, otherwise) {
    try { return JSON.parse(box().getItem(seat + name)) || otherwise; } catch (e) { return otherwise; }
  }

  function write(box, name, value) {
    try { box().setItem(seat + name, JSON.stringify(value)); } catch (e) { /* full or forbidden: the page goes on */ }
  }

  function phone() { return window.localStorage; }
  function tab() { return window.sessionStorage; }

  function newId() {
    var id = '', i, bytes;
    if (window.crypto && crypto.getRandomValues) {
      bytes = crypto.getRandomValues(new Uint8Array(12));
      for (i = 0; i < bytes.length; i++) { id += ('0' + bytes[i].toString(16)).slice(-2); }
      return id;
    }
    return new Date().getTime().toString(36) + Math.random().toString(36).slice(2) + Math.random().toString(36).slice(2);
  }

  return {
    newId: newId,
    waiting: function () { return read(phone, 'waiting', []); },
    said: function () { return read(tab, 'said', []); },
    keep: function (messages) {
      write(phone, 'waiting', messages.filter(function (message) { return message.state !== 'sent'; }));
      write(tab, 'said', messages.filter(function (message) { return message.state === 'sent'; }).slice(-60));
    },
    draft: function () { return read(tab, 'draft', ''); },
    keepDraft: function (text) { write(tab, 'draft', text); }
  };
})();
