/**
 * Search for hyper-parameters. Start with {@link org.fasthebb.tools.search.CoordinateDescent}, the
 * algorithm; {@link org.fasthebb.tools.search.SearchObjective} trains and validates a point of the
 * {@link org.fasthebb.tools.search.Space}, and {@link org.fasthebb.tools.search.SearchTable} shows
 * the trials.
 */
package org.fasthebb.tools.search;
