/** Measures what the engine costs; see {@code src/bench/micro}. */
package dev.gatehouse.bench;
