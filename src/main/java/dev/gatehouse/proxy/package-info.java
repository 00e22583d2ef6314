/**
 * The standalone gateway: Jetty in front, the engine in the middle, Jetty's client behind. It
 * translates requests, carries out decisions and streams bodies; it decides nothing itself but what
 * is no HTTP.
 */
package dev.gatehouse.proxy;
