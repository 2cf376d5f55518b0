/** Convolutions with 3 x 3 filters by Winograd's minimal filtering, and their gradients. */
package org.fasthebb.engine.internal.winograd;
