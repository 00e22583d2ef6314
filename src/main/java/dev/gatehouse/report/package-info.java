/** Decides what a security team is told about tokens where they do not belong. */
package dev.gatehouse.report;
