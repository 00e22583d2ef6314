/** What people see, in Debian's Chromium. */
package dev.gatehouse.browser;
