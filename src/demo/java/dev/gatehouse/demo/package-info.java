/** The demo: a development OP, the sample application and the gateway in one process. */
package dev.gatehouse.demo;
