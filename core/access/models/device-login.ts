import { model, Schema } from '../../database/mongoose.ts';

/** A program without a browser that waits for a person to let it in (RFC 8628). */
export interface DeviceLoginDoc {
  /** SHA-256 of the device code */
  _id: string;
  /** what the person types, without the dash */
  user_code: string;
  client_name: string;
  address: string;
  state: 'pending' | 'approved' | 'denied' | 'used';
  user_id: string | null;
  polled_at: Date | null;
  expires_at: Date;
}

const deviceLogin = new Schema<DeviceLoginDoc>(
  {
    _id: { type: String, required: true },
    user_code: { type: String, required: true },
    client_name: { type: String, required: true },
    address: { type: String, default: '' },
    state: { type: String, required: true, enum: ['pending', 'approved', 'denied', 'used'] },
    user_id: { type: String, default: null },
    polled_at: { type: Date, default: null },
    expires_at: { type: Date, required: true },
  },
  { versionKey: false },
);
deviceLogin.index({ user_code: 1 }, { unique: true });
deviceLogin.index({ expires_at: 1 }, { expireAfterSeconds: 0 });
export const DeviceLogin = model('DeviceLogin', deviceLogin, 'device_logins');
