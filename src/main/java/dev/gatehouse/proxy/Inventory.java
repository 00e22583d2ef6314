package dev.gatehouse.proxy;

/**
 * What a gateway has in use at a moment.
 *
 * @param clients connections of clients, also those on which nothing happens
 * @param apps connections to the app that do not lie idle
 * @param requests requests that have not ended, WebSockets apart
 * @param buffers pooled buffers that somebody holds
 * @param busyThreads threads that do something; selectors apart
 */
record Inventory(int clients, int apps, int requests, long buffers, int busyThreads) {}
