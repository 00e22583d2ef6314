/**
 * What the app is told about the user: which headers, in which encoding; and which inbound headers
 * go.
 */
package dev.gatehouse.identity;
