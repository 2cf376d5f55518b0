package org.fasthebb.spark;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.util.TaskCompletionListener;
import org.fasthebb.engine.Tensor;
import org.fasthebb.models.distributed.ShardImages;
import org.fasthebb.models.image.ImageDecoder;
import org.fasthebb.models.image.Orientation;
import org.fasthebb.models.network.Architecture;
import org.fasthebb.models.readout.FeatureForm;
import org.fasthebb.models.use.Model;

/**
 * Adds features to the rows of a partition, a block of rows at a time.
 *
 * @param model the network's file
 * @param column with the bytes of image files
 * @param vector whether features are vectors rather than arrays
 * @param invalid what to do with images that cannot be read: see {@link ImageColumns}
 */
record FeaturePartition(Broadcast<byte[]> model, int column, boolean vector, String invalid)
    implements MapPartitionsFunction<Row, Row> {
  private static final long serialVersionUID = 1L;

  /** Rows whose features are computed at once. */
  private static final int BLOCK = 64;

  @Override
  public Iterator<Row> call(Iterator<Row> rows) throws IOException {
    if (!rows.hasNext()) {
      return rows;
    }
    Model shared = ExecutorModels.acquire(model);
    TaskContext.get()
        .addTaskCompletionListener((TaskCompletionListener) _ -> ExecutorModels.release(model));
    return new Rows(shared, rows);
  }

  private final class Rows implements Iterator<Row> {
    private final Model shared;
    private final Iterator<Row> rows;
    private final Deque<Row> ready = new ArrayDeque<>();

    Rows(Model shared, Iterator<Row> rows) {
      this.shared = shared;
      this.rows = rows;
    }

    @Override
    public boolean hasNext() {
      while (ready.isEmpty() && rows.hasNext()) {
        nextBlock();
      }
      return !ready.isEmpty();
    }

    @Override
    public Row next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      return ready.remove();
    }

    private void nextBlock() {
      List<Row> block = new ArrayList<>();
      List<byte[]> images = new ArrayList<>();
      List<Integer> places = new ArrayList<>(); // in images, or -1
      while (block.size() < BLOCK && rows.hasNext()) {
        Row row = rows.next();
        byte[] pixels = pixels(row);
        if (pixels == null && invalid.equals(ImageColumns.SKIP)) {
          continue;
        }
        block.add(row);
        places.add(pixels == null ? -1 : images.size());
        if (pixels != null) {
          images.add(pixels);
        }
      }
      List<float[]> features = features(images);
      for (int i = 0; i < block.size(); i++) {
        int place = places.get(i);
        ready.add(with(block.get(i), place < 0 ? null : features.get(place)));
      }
    }

    private byte[] pixels(Row row) {
      byte[] file = row.isNullAt(column) ? null : row.getAs(column);
      try {
        if (file == null) {
          throw new IOException("it is null");
        }
        return ImageDecoder.square(file, shared.side(), Orientation.UPRIGHT);
      } catch (IOException e) {
        if (invalid.equals(ImageColumns.ERROR)) {
          throw DigestedImage.invalid(row, column, e);
        }
        return null;
      }
    }

    private List<float[]> features(List<byte[]> images) {
      List<float[]> features = new ArrayList<>();
      shared.features(
          new ShardImages(shared.side(), Architecture.CHANNELS, images),
          FeatureForm.PLAIN,
          (block, _) -> {
            for (int i = 0; i < block.size(0); i++) {
              Tensor one = block.slice(0, i, i + 1);
              features.add(one.toArray());
            }
          });
      return features;
    }

    private Row with(Row row, float[] features) {
      Object[] values = new Object[row.size() + 1];
      for (int i = 0; i < row.size(); i++) {
        values[i] = row.get(i);
      }
      values[row.size()] =
          features == null || !vector ? features : Vectors.dense(doubles(features));
      return RowFactory.create(values);
    }

    private static double[] doubles(float[] features) {
      double[] values = new double[features.length];
      for (int i = 0; i < values.length; i++) {
        values[i] = features[i];
      }
      return values;
    }
  }
}
