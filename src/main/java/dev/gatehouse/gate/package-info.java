/** What happens to a request: the engine, which knows nothing of servlets and nothing of Jetty. */
package dev.gatehouse.gate;
