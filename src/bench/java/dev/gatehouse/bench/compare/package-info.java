/**
 * Measures Gatehouse beside nginx and Apache httpd on the same machine; see {@code
 * src/bench/compare}.
 */
package dev.gatehouse.bench.compare;
