import mongoose from 'mongoose';

// In force before any model is declared, because every model file takes Schema and model from here.
mongoose.set('strict', 'throw');
mongoose.set('strictQuery', 'throw');
mongoose.set('sanitizeFilter', true);
mongoose.set('autoIndex', false);
mongoose.set('autoCreate', false);
mongoose.set('transactionAsyncLocalStorage', true);

export const { model, Schema, Types, trusted, connection } = mongoose;
export type { ClientSession, HydratedDocument, InferSchemaType, Model, PipelineStage, QueryFilter } from 'mongoose';
export { mongoose };
