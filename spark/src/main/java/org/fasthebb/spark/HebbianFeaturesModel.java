package org.fasthebb.spark;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.ml.Model;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.DefaultParamsWriter;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.ml.util.MLWritable;
import org.apache.spark.ml.util.MLWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;
import org.fasthebb.models.io.CheckpointException;
import org.fasthebb.models.io.SafeTensors;
import scala.Option;

/**
 * Computes the features of images, by a network that {@link HebbianFeatures} or the command line
 * has trained. Executors read partitions row by row, so data of any size pass through; each holds
 * one network, which its tasks share.
 *
 * <p>The features are {@code array<float>}, or vectors as Spark's own classifiers want them: see
 * {@link #setOutputType}.
 */
public final class HebbianFeaturesModel extends Model<HebbianFeaturesModel>
    implements ImageColumns<HebbianFeaturesModel>, MLWritable {
  private static final long serialVersionUID = 1L;

  /** The network's file in the folder of a saved model. */
  private static final String FILE = "model.safetensors";

  private final String uid;
  private final byte[] file;

  /**
   * A model.
   *
   * @param file content of a model.safetensors or pretrained.safetensors
   */
  HebbianFeaturesModel(String uid, byte[] file) {
    this.uid = uid;
    this.file = file;
    setColumnDefaults();
  }

  /**
   * A model that the command line or a program has trained.
   *
   * @param file a local model.safetensors or pretrained.safetensors
   * @throws CheckpointException in one sentence, if it is no model or damaged
   */
  public static HebbianFeaturesModel fromFile(Path file) throws CheckpointException {
    SafeTensors.metadata(file);
    try {
      byte[] content = Files.readAllBytes(file);
      return new HebbianFeaturesModel(Identifiable$.MODULE$.randomUID("hebbianFeatures"), content);
    } catch (IOException e) {
      throw new CheckpointException("Cannot read '" + file + "': " + e.getMessage(), e);
    }
  }

  /** The network as a file that the command line reads, too. */
  public byte[] toBytes() {
    return file.clone();
  }

  /** What the file says of the network: rule, identity, seed and so on. */
  public Map<String, String> metadata() {
    try (LocalFolder local = new LocalFolder()) {
      return SafeTensors.metadata(local.model(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e.getMessage(), e);
    }
  }

  @Override
  public Dataset<Row> transform(Dataset<?> dataset) {
    StructType schema = transformSchema(dataset.schema());
    JavaSparkContext context =
        JavaSparkContext.fromSparkContext(dataset.sparkSession().sparkContext());
    Broadcast<byte[]> model = context.broadcast(file);
    FeaturePartition rows =
        new FeaturePartition(
            model,
            dataset.schema().fieldIndex(getOrDefault(inputCol())),
            getOrDefault(outputType()).equals(VECTOR),
            getOrDefault(handleInvalid()));
    return dataset.toDF().mapPartitions(rows, Encoders.row(schema));
  }

  @Override
  public StructType transformSchema(StructType schema) {
    return withFeatures(schema);
  }

  @Override
  public HebbianFeaturesModel copy(ParamMap extra) {
    HebbianFeaturesModel copy = new HebbianFeaturesModel(uid, file);
    return copyValues(copy, extra).setParent(parent());
  }

  @Override
  public MLWriter write() {
    return new Writer(this);
  }

  /** Reads a model that was saved. */
  public static HebbianFeaturesModel load(String path) {
    return read().load(path);
  }

  /** A reader of saved models. */
  public static MLReader<HebbianFeaturesModel> read() {
    return new Reader();
  }

  /** Writes the parameters as Spark does, and the network beside them. */
  private static final class Writer extends MLWriter {
    private final HebbianFeaturesModel model;

    Writer(HebbianFeaturesModel model) {
      this.model = model;
    }

    @Override
    public void saveImpl(String path) {
      DefaultParamsWriter.saveMetadata(model, path, sparkSession());
      var target = new org.apache.hadoop.fs.Path(path, FILE);
      try (FSDataOutputStream out =
          target.getFileSystem(sc().hadoopConfiguration()).create(target)) {
        out.write(model.file);
      } catch (IOException e) {
        throw new UncheckedIOException(e.getMessage(), e);
      }
    }
  }

  private static final class Reader extends MLReader<HebbianFeaturesModel> {
    @Override
    public HebbianFeaturesModel load(String path) {
      var metadata =
          DefaultParamsReader.loadMetadata(
              path, sparkSession(), HebbianFeaturesModel.class.getName());
      var source = new org.apache.hadoop.fs.Path(path, FILE);
      try (FSDataInputStream in = source.getFileSystem(sc().hadoopConfiguration()).open(source)) {
        HebbianFeaturesModel model = new HebbianFeaturesModel(metadata.uid(), in.readAllBytes());
        metadata.getAndSetParams(model, Option.empty());
        return model;
      } catch (IOException e) {
        throw new UncheckedIOException(e.getMessage(), e);
      }
    }
  }

  @Override
  public String uid() {
    return uid;
  }
}
