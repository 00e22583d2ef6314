/** Whether an access token in the Authorization header is good. */
package dev.gatehouse.token;
