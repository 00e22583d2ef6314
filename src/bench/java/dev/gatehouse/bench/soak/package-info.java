/** Holds the finished gateway under constant load for a while; see {@code src/bench/soak}. */
package dev.gatehouse.bench.soak;
