/** Which rule holds for a method and a path. */
package dev.gatehouse.access;
