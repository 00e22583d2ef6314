/**
 * What Gatehouse promises, seen from outside: every class here runs through the standalone gateway,
 * the filter in Jetty and the filter in Tomcat.
 */
package dev.gatehouse.contract;
