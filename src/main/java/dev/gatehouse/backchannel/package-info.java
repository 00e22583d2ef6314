/** The HTTP client to the OP: deadlines, size limits, TLS. */
package dev.gatehouse.backchannel;
