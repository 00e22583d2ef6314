/**
 * Northwind Expenses: an intranet application of the old kind, with servlets, JSP and a container
 * session. It knows nothing of OAuth; who the user is comes from the container or from a header.
 */
package northwind.expenses;
