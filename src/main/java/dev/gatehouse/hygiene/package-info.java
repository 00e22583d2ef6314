/** Decides where tokens do not belong: finds them, takes them out and says that they were there. */
package dev.gatehouse.hygiene;
