/** Decides what operators are shown of the standalone gateway: metrics and the leak report. */
package dev.gatehouse.ops;
