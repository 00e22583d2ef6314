/** Whole flows against OpenID providers that we did not write. */
package dev.gatehouse.interop;
