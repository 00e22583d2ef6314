/** Measures what sessions take in the heap; see {@code src/bench/sessions}. */
package dev.gatehouse.bench.memory;
