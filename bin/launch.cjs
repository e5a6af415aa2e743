#!/usr/bin/env node
// Plain CommonJS in old syntax: this file must also run on a Node that is too old, to say so.
"use strict";

var needed = [
  [22, 22, 2],
  [24, 15, 0],
  [26, 0, 0],
];

function isNewEnough(version) {
  var have = version.split(".").map(Number);
  return needed.some(function (need, index) {
    var isLast = index === needed.length - 1;
    if (isLast ? have[0] < need[0] : have[0] !== need[0]) return false;
    if (have[0] > need[0]) return true;
    return have[1] > need[1] || (have[1] === need[1] && have[2] >= need[2]);
  });
}

function findNode() {
  try {
    return require.resolve("node/bin/node");
  } catch {
    return null;
  }
}

/** Runs the same command line with another Node, passes on what it is told, and how that ends. */
function runWith(node) {
  var child = require("child_process").spawn(node, [__filename].concat(process.argv.slice(2)), {
    stdio: "inherit",
  });
  // A Ctrl-C reaches both of us; the other one takes what comes twice at once for one.
  ["SIGINT", "SIGTERM", "SIGHUP"].forEach(function (signal) {
    process.on(signal, function () {
      child.kill(signal);
    });
  });
  child.on("error", function (error) {
    refuse(node + " can't be started: " + error.message, "install the packages again: npm ci");
  });
  child.on("exit", function (code, signal) {
    process.exitCode = signal ? 128 + require("os").constants.signals[signal] : code;
  });
}

function refuse(what, toDo) {
  process.stderr.write("delegate: " + what + "\n  to do: " + toDo + "\n");
  process.exit(2);
}

if (isNewEnough(process.versions.node)) {
  // What is compiled later, when it is called, would not come into the cache; the program's first line ends this.
  if (require("module").enableCompileCache().directory)
    require("v8").setFlagsFromString("--no-lazy");
  require("../dist/delegate.cjs");
} else {
  var other = findNode();
  if (other === null)
    refuse(
      "this is Node.js " +
        process.versions.node +
        "; needed is 22 (22.22.2 or newer), 24 (24.15.0 or newer), or 26.0.0 or newer",
      "install one of these, or put its folder first in PATH",
    );
  runWith(other);
}
