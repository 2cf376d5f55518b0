/**
 * Retrieval: finding the images of a database that are nearest to a query, by the features of a
 * network. Read {@link org.fasthebb.models.retrieval.Search} first.
 *
 * <pre>
 *   Network ──▶ Features (images, F) ──▶ Search ──┬──▶ Neighbours: the nearest images
 *                                                └──▶ RetrievalScores: precision, mAP, k-NN accuracy
 * </pre>
 *
 * <p>{@link org.fasthebb.models.retrieval.Search} compares by matrix products, block by block, and
 * gives one row of similarities per query; {@code TopK} and {@code Ranking} sort such a row, equal
 * similarities by index.
 */
package org.fasthebb.models.retrieval;
