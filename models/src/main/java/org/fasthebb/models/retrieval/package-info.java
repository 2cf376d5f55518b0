/**
 * Retrieval: the images of a database that are nearest to a query, by the features of a network.
 *
 * <pre>
 *   Network ──▶ Features (images, F) ──▶ Search ──┬──▶ Neighbours: who is near
 *                                                └──▶ RetrievalScores: how good that is
 * </pre>
 *
 * <p>{@link org.fasthebb.models.retrieval.Search} compares by matrix products, block by block, and
 * hands out one row of similarities per query; {@code TopK} and {@code Ranking} put such a row in
 * order, equal similarities by index.
 */
package org.fasthebb.models.retrieval;
