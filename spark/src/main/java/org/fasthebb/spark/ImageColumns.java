package org.fasthebb.spark;

import java.util.Arrays;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.Params;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * The parameters of whoever reads a column of images and writes one of features.
 *
 * @param <T> who that is
 */
public interface ImageColumns<T extends ImageColumns<T>> extends Params {
  /** Features as {@code array<float>}. */
  String ARRAY = "array";

  /** Features as a vector of Spark's own machine learning, such as its classifiers want. */
  String VECTOR = "vector";

  /** An image that cannot be read stops the job. */
  String ERROR = "error";

  /** Rows whose image cannot be read are left out. */
  String SKIP = "skip";

  /** Rows whose image cannot be read have no features: null. */
  String KEEP = "keep";

  /** The column with the bytes of image files. */
  default Param<String> inputCol() {
    return new Param<>(
        this, "inputCol", "column with the bytes of image files, such as content of binaryFile");
  }

  /** The new column with their features. */
  default Param<String> outputCol() {
    return new Param<>(this, "outputCol", "new column with the features");
  }

  /** {@link #ARRAY} or {@link #VECTOR}. */
  default Param<String> outputType() {
    return new Param<>(
        this, "outputType", "array (of floats), or vector, which Spark's classifiers want");
  }

  /** {@link #ERROR}, {@link #SKIP} or {@link #KEEP}. */
  default Param<String> handleInvalid() {
    return new Param<>(
        this,
        "handleInvalid",
        "what to do with images that cannot be read: error, skip (leave the row out), or keep"
            + " (features are null)");
  }

  /** Sets the column with the bytes of image files. */
  default T setInputCol(String value) {
    return with(inputCol(), value);
  }

  /** Sets the name of the new column. */
  default T setOutputCol(String value) {
    return with(outputCol(), value);
  }

  /** Sets the type of the new column: array or vector. */
  default T setOutputType(String value) {
    return with(outputType(), value);
  }

  /** Sets what happens to images that cannot be read: error, skip or keep. */
  default T setHandleInvalid(String value) {
    return with(handleInvalid(), value);
  }

  @SuppressWarnings("unchecked") // T is the class of this
  private T with(Param<String> param, String value) {
    set(param, value);
    return (T) this;
  }

  /** Sets what is not set. */
  default void setColumnDefaults() {
    setDefault(inputCol(), "content");
    setDefault(outputCol(), "features");
    setDefault(outputType(), ARRAY);
    setDefault(handleInvalid(), ERROR);
  }

  /** The type of the new column. */
  default DataType featureType() {
    return getOrDefault(outputType()).equals(VECTOR)
        ? SQLDataTypes.VectorType()
        : DataTypes.createArrayType(DataTypes.FloatType, false);
  }

  /**
   * The schema with the new column.
   *
   * @throws IllegalArgumentException in one sentence, if a column or a value does not fit
   */
  default StructType withFeatures(StructType schema) {
    requireOneOf(outputType(), ARRAY, VECTOR);
    requireOneOf(handleInvalid(), ERROR, SKIP, KEEP);
    String input = getOrDefault(inputCol());
    String output = getOrDefault(outputCol());
    if (!Arrays.asList(schema.fieldNames()).contains(input)) {
      throw new IllegalArgumentException(
          "there is no column %s among %s; name the column with the bytes of images by inputCol"
              .formatted(input, String.join(", ", schema.fieldNames())));
    }
    DataType type = schema.apply(input).dataType();
    if (!type.equals(DataTypes.BinaryType)) {
      throw new IllegalArgumentException(
          ("column %s is of type %s, but must be binary: the bytes of image files, as"
                  + " read.format(\"binaryFile\") gives them")
              .formatted(input, type.catalogString()));
    }
    if (Arrays.asList(schema.fieldNames()).contains(output)) {
      throw new IllegalArgumentException(
          "there is a column %s already; choose another name by outputCol".formatted(output));
    }
    return schema.add(output, featureType(), getOrDefault(handleInvalid()).equals(KEEP));
  }

  private void requireOneOf(Param<String> param, String... values) {
    String value = getOrDefault(param);
    if (!Arrays.asList(values).contains(value)) {
      throw new IllegalArgumentException(
          "%s is %s; use one of %s".formatted(param.name(), value, String.join(", ", values)));
    }
  }
}
