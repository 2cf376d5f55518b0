/** The commands for a user's own photos: classify, embed and similar. */
package org.fasthebb.tools.photos;
