package dev.gatehouse.gate;

import dev.gatehouse.session.BrowserMark;
import dev.gatehouse.session.TransactionCookies;

/**
 * What is known of login attempts: those under way, in the browsers' cookies; those that came back;
 * and how many one client may make. Safe for concurrent use.
 */
record Attempts(
    TransactionCookies pending, SpentStates spent, AttemptLimits limits, BrowserMark mark) {}
