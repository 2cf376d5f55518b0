package org.fasthebb.spark;

import java.io.IOException;
import java.io.Serializable;
import java.util.Arrays;
import org.apache.spark.sql.Row;
import org.fasthebb.models.distributed.ShardImages;

/**
 * Decoded images on their way through Spark.
 *
 * @param digest of the pixels, which gives images an order that depends on nothing else
 * @param pixels (side, side, 3)
 */
record DigestedImage(String digest, byte[] pixels) implements Serializable {
  private static final long serialVersionUID = 1L;

  static DigestedImage of(byte[] pixels) {
    return new DigestedImage(ShardImages.digest(pixels), pixels);
  }

  /** What to throw for a row whose image cannot be read. */
  static IllegalArgumentException invalid(Row row, int column, IOException why) {
    boolean named =
        row.schema() != null && Arrays.asList(row.schema().fieldNames()).contains("path");
    return new IllegalArgumentException(
        "the image in column %s%s cannot be read: %s; set handleInvalid to skip or keep"
            .formatted(
                row.schema() == null ? column : row.schema().fieldNames()[column],
                named ? " of " + row.getAs("path") : "",
                why.getMessage()),
        why);
  }
}
