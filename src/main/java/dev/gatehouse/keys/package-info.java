/**
 * Which keys and certificates this gateway proves itself with: how their files are read, when a key
 * is too weak, and how a changed file takes over without a restart.
 */
package dev.gatehouse.keys;
