/** The proxy door: translates Jetty requests for the gate; alone imports org.eclipse.jetty. */
package dev.gatehouse.proxy;
