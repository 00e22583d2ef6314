/**
 * What contract tests are made of: an OP and an app that we control, a browser that can misbehave,
 * and the doors between them.
 */
package dev.gatehouse.testkit;
