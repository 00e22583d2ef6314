/** Who this browser is: session store, session cookie, login transactions. */
package dev.gatehouse.session;
