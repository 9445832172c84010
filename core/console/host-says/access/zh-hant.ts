import type { Like } from '../../language/like.ts';
import type { zhHans } from './zh-hans.ts';

export const zhHant: Like<typeof zhHans> = {
  admin: '管理員',
  'Ask every {seconds} seconds.': '請每隔 {seconds} 秒查詢一次。',
  'Ask for a secret first: the same request without code.': '請先取得金鑰：傳送不含驗證碼的同一請求。',
  'Authorization and X-API-Key came both: send one of them.':
    '同時提供了 Authorization 和 X-API-Key：請只傳送其中一個。',
  'Authorization takes: Bearer, a space, and an access token or an API key.':
    'Authorization 的格式為：Bearer、一個空格，以及存取權杖或 API 金鑰。',
  developer: '開發者',
  'E-mail address or password is wrong.': '電子郵件或密碼不正確。',
  'is needed: sign in, or give the password of the account': '為必填項目：請登入，或輸入帳戶的密碼',
  'is needed: this invitation names no address': '為必填項目：此邀請未指定電子郵件',
  'is not what the app shows now: look at the clock of this device': '與應用程式目前顯示的不符：請檢查此裝置的時鐘',
  'It is active already.': '已經啟用。',
  'must be an IANA time zone such as Europe/Berlin': '必須是 IANA 時區，例如 Asia/Taipei',
  'must have at least {count} characters': '至少需要 {count} 個字元',
  'must lie in the future': '必須是未來的時間',
  'must not be the e-mail address': '不能與電子郵件相同',
  'No API key can do this ({why}): a person has to.': 'API 金鑰不能執行此操作（{why}）：須由使用者本人完成。',
  'No program waits with this code: it was used, has expired, or is mistyped.':
    '沒有程式在等待此代碼：它已被使用、已過期或輸入有誤。',
  'Nobody can sign up here (PATCHBAY_SIGNUP=closed).': '此處不開放註冊（PATCHBAY_SIGNUP=closed）。',
  'Nobody here has the address {email}; invite them first': '此處沒有使用 {email} 的成員；請先邀請',
  'Only a person can do this, not an API key.': '此操作只能由使用者本人完成，不能使用 API 金鑰。',
  'Only a person can take an invitation, not an API key.': '只有使用者本人可以接受邀請，不能使用 API 金鑰。',
  owner: '擁有者',
  'Sign in: send Authorization: Bearer with an access token or an API key, X-API-Key, or the session cookie with X-CSRF-Token.':
    '請登入。',
  'Signing up takes an invitation here (PATCHBAY_SIGNUP=invite).': '此處註冊需要邀請（PATCHBAY_SIGNUP=invite）。',
  'The current password is wrong.': '目前的密碼不正確。',
  'The default project stays: requests that name no project mean it.': '預設專案不能刪除：未指明專案的請求都歸它處理。',
  'The keys of the outside issuer (PATCHBAY_JWKS_URL) cannot be read now.':
    '目前無法讀取外部簽發者的金鑰（PATCHBAY_JWKS_URL）。',
  'The last operator has to stay one: make somebody else an operator first (patchbay-host create-admin).':
    '最後一位營運者不能取消：請先將其他人設為營運者（patchbay-host create-admin）。',
  'The last owner cannot leave or step down: make somebody else an owner first.':
    '最後一位擁有者不能離開或降級：請先將其他人設為擁有者。',
  'the role {role} in this workspace; yours is {own}': '在此工作區擁有{role}角色；您的角色是{own}',
  'the site role {role}': '站台角色「{role}」',
  'There is no project {name}': '沒有專案 {name}',
  'There is no project {name} in this workspace.': '此工作區中沒有專案 {name}。',
  'There is no such API key in this workspace.': '此工作區中沒有這個 API 金鑰。',
  'There is no such invitation: it was used, has expired, or never was. Ask for a new one.':
    '沒有此邀請：它已被使用、已過期或從未存在。請索取新的邀請。',
  'There is no such member in this workspace.': '此工作區中沒有該成員。',
  'There is no such open invitation.': '沒有此待接受的邀請。',
  'There is no such project here.': '這裡沒有此專案。',
  'There is no such workspace, or you are no member of it (X-Workspace-Id).':
    '沒有此工作區，或者您不是其成員（X-Workspace-Id）。',
  'There is no such workspace, or you are no member of it.': '沒有此工作區，或者您不是其成員。',
  'There is no such workspace.': '沒有此工作區。',
  'This access token has expired: refresh it.': '存取權杖已過期：請更新。',
  'This account has an authenticator app: remove it first (DELETE /auth/totp).':
    '此帳戶已啟用驗證器應用程式：請先移除。',
  'This account has no authenticator app.': '此帳戶未啟用驗證器應用程式。',
  'This account is gone.': '此帳戶已不存在。',
  'This account is not active any more.': '此帳戶已停用。',
  'This account wants a code of its authenticator app: send it as totp.':
    '此帳戶需要驗證器應用程式的驗證碼：請填寫一次性驗證碼。',
  'this API key': '此 API 金鑰',
  'This API key belongs to one project and cannot make others.': '此 API 金鑰屬於單一專案，不能建立其他專案。',
  'This API key belongs to one project; this is about the whole workspace.':
    '此 API 金鑰屬於單一專案；此操作涉及整個工作區。',
  'This API key expired at {time}.': '此 API 金鑰已於 {time} 過期。',
  'This API key is mistyped: its checksum does not fit.': 'API 金鑰輸入有誤：總和檢查碼不符。',
  'This API key is unknown or was revoked.': '此 API 金鑰不存在或已撤銷。',
  'This API key needs the scope {scope}.': '此 API 金鑰需要權限範圍 {scope}。',
  'This API key was revoked, has expired or was rotated already: make a new one.':
    '此 API 金鑰已撤銷、已過期或已輪換：請建立新的金鑰。',
  'This API key was rotated or revoked at the same moment.': '此 API 金鑰恰好在同一時刻被輪換或撤銷。',
  'This code is wrong, or was used before.': '驗證碼不正確或已被使用。',
  'This device login was used or has expired: begin again.': '此次裝置登入已完成或已過期：請重新開始。',
  'This e-mail address has an account: sign in with it.': '此電子郵件已有帳戶：請直接登入。',
  'This invitation is for another e-mail address than the one you are signed in with.':
    '此邀請的電子郵件與您目前登入的不同。',
  'This invitation is for another e-mail address.': '此邀請屬於另一個電子郵件。',
  'This needs {what}.': '此操作需要{what}。',
  'This person is a member already: change the role instead.': '此人已是成員：請直接變更其角色。',
  'This project still has {what}: delete or move them first.': '此專案中還有{what}：請先刪除或移走。',
  'This refresh token is not one of ours.': '此更新權杖不是由本主機簽發的。',
  'This refresh token was used before. In case it was stolen the session has been ended: sign in again.':
    '此更新權杖已被使用過。為防遭竊，工作階段已結束：請重新登入。',
  'This session has ended: sign in again.': '此工作階段已結束：請重新登入。',
  'This token is genuine, but nobody here belongs to it: ask for an invitation to its e-mail address.':
    '此權杖有效，但此處沒有對應的使用者：請索取寄往其電子郵件的邀請。',
  'This was decided a moment ago.': '此請求剛剛已有決定。',
  'this workspace': '此工作區',
  'This workspace has a project of this name.': '此工作區已有同名專案。',
  'Too many wrong credentials came from your address.': '來自您所在位址的錯誤憑證過多，請稍後再試。',
  'Too many wrong passwords; wait a while.': '密碼錯誤次數過多，請稍後再試。',
  viewer: '檢視者',
  'With the session cookie X-CSRF-Token has to hold the value of the pb_csrf cookie, and the page has to be ours.':
    '使用工作階段 Cookie 時，X-CSRF-Token 必須與 pb_csrf Cookie 的值相同，且請求須來自本站頁面。請重新載入頁面。',
  'would shut out your own address {address}': '會把您自己的位址 {address} 擋在外面',
  'You are a member of no workspace: make one with POST /workspaces, or ask for an invitation.':
    '您不是任何工作區的成員：請建立一個工作區，或請他人邀請您。',
  'You have no such session.': '您沒有此工作階段。',
  'Your address {address} is not on the allowlist of {whose}.': '您的位址 {address} 不在{whose}的允許清單中。',
  'Your role {own} cannot change or give a higher one.': '您的角色（{own}）不能變更或授予更高的角色。',
  'Your role {own} cannot give the role {role}.': '您的角色（{own}）不能授予{role}角色。',
  '{count} API key': '{count} 個 API 金鑰',
  '{count} API keys': '{count} 個 API 金鑰',
  '{count} integration': '{count} 個整合',
  '{count} integrations': '{count} 個整合',
  '{count} webhook': '{count} 個 Webhook',
  '{count} webhooks': '{count} 個 Webhook',
  '{email} has no account here: invite that person first.': '{email} 在此沒有帳戶：請先邀請此人。',
  '{entry} is neither an address nor a CIDR such as 192.0.2.0/24':
    '{entry} 既不是位址，也不是 192.0.2.0/24 這樣的 CIDR 網段',
};
