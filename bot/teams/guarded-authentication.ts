import type { Activity } from 'botbuilder';
import {
  type AuthenticateRequestResult,
  AuthenticationError,
  BotFrameworkAuthentication,
  ClaimsIdentity,
  type ConnectorFactory,
  type UserTokenClient,
} from 'botframework-connector';
import type { Guard } from './guard.ts';

const CALLER = 'urn:botframework:azure';

/**
 * The adapter's authentication is the guard itself, so no way into a turn leads round it.
 * The SDK's own check accepts emulator and skill tokens, skips what is absent and waits for its key server without limit.
 */
export class GuardedAuthentication extends BotFrameworkAuthentication {
  private readonly outbound: BotFrameworkAuthentication;
  private readonly guard: Guard;
  private readonly appId: string;
  private readonly audience: string;

  constructor(options: { outbound: BotFrameworkAuthentication; guard: Guard; appId: string; audience: string }) {
    super();
    this.outbound = options.outbound;
    this.guard = options.guard;
    this.appId = options.appId;
    this.audience = options.audience;
  }

  override async authenticateRequest(activity: Activity, authHeader: string): Promise<AuthenticateRequestResult> {
    const token = await this.guard.token([authHeader]);
    if (!token.ok) throw new AuthenticationError('refused', token.refusal.status);
    const checked = this.guard.activity(token.value, activity);
    if (!checked.ok) throw new AuthenticationError('refused', checked.refusal.status);
    const claimsIdentity = new ClaimsIdentity(
      [
        { type: 'aud', value: this.appId },
        { type: 'serviceurl', value: token.value.serviceUrl },
      ],
      'guard',
    );
    return {
      audience: this.audience,
      callerId: CALLER,
      claimsIdentity,
      connectorFactory: this.outbound.createConnectorFactory(claimsIdentity),
    };
  }

  override authenticateStreamingRequest(): Promise<AuthenticateRequestResult> {
    return Promise.reject(new AuthenticationError('refused', 401));
  }

  override createConnectorFactory(claimsIdentity: ClaimsIdentity): ConnectorFactory {
    return this.outbound.createConnectorFactory(claimsIdentity);
  }

  override createUserTokenClient(claimsIdentity: ClaimsIdentity): Promise<UserTokenClient> {
    return this.outbound.createUserTokenClient(claimsIdentity);
  }
}
