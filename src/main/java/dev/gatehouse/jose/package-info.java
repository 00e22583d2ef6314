/** Whether a signed token was signed by the OP: strict compact JWS and the OP's pinned keys. */
package dev.gatehouse.jose;
